import { expect, it } from '@jest/globals';
import { roleFates } from '../../../core/encode/role-fates.ts';
import { aStream } from '../../fixtures/probes.ts';

it.each([
  { type: 'subtitle', codec: 'subrip', marks: ['descriptions'], left: [] },
  { type: 'subtitle', codec: 'subrip', marks: ['captions'], left: ['captions'] },
  { type: 'subtitle', codec: 'subrip', marks: ['captions', 'hearing_impaired'], left: [] },
  { type: 'audio', codec: 'aac', marks: ['descriptions'], left: ['descriptions'] },
  { type: 'audio', codec: 'aac', marks: ['descriptions', 'visual_impaired'], left: [] },
] as const)(
  'says of $type with the marks $marks what Matroska has no mark for: $left',
  ({ type, codec, marks, left }) => {
    const stream = aStream(type, codec, { dispositions: marks });
    const plan = { stream, fate: 'kept', why: 'copied', codecArgs: ['copy'], sidecar: undefined } as const;
    expect(roleFates([plan], 'mkv').map(({ name }) => name)).toEqual(left);
  },
);
