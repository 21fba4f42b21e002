import { expect, it } from '@jest/globals';
import { levelsWithin } from '../../../core/quality/sound-levels.ts';

const levels = { fromSeconds: 1, energies: Float32Array.from([1, 2, 3, 4, 5, 6]) };

it.each([
  { span: { from: 1.01, to: 1.02 }, fromSeconds: 1.01, energies: [3, 4] },
  { span: { from: 0, to: 9 }, fromSeconds: 1, energies: [1, 2, 3, 4, 5, 6] },
  { span: { from: 0, to: 0.5 }, fromSeconds: 1, energies: [] },
])('takes of a sound what lies from $span.from to $span.to s', ({ span, fromSeconds, energies }) => {
  const part = levelsWithin(levels, span);
  expect(part.fromSeconds).toBeCloseTo(fromSeconds);
  expect([...part.energies]).toEqual(energies);
});
