import { describe, expect, it } from '@jest/globals';
import { measuredFrom, type PlanMeasured } from '../../../core/dispatch/measured.ts';

const read = (value: unknown) => measuredFrom(new TextEncoder().encode(JSON.stringify(value)));

describe('what the plan step measured', () => {
  it.each<PlanMeasured>([
    { fields: { frames: 0, parts: [] } },
    { fields: { frames: 90, parts: [{ start: 0, end: 30, first: 'tff' }] } },
    { fields: { frames: 90, parts: [{ start: 30, end: 90, first: 'bff', telecine: true }] } },
  ])('is read as it was written: $fields', (measured) => expect(read(measured)).toEqual(measured));

  it.each([{}, { fields: { frames: 'many', parts: [] } }, { fields: { frames: 1, parts: [{ start: 0 }] } }])(
    'is refused where it is something else: %j',
    (value) => expect(() => read(value)).toThrow(),
  );
});
