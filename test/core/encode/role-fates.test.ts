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

it.each([
  { type: 'subtitle', marks: ['forced', 'captions', 'descriptions', 'comment', 'original'], left: [] },
  { type: 'subtitle', marks: ['dub', 'lyrics'], left: ['dub', 'lyrics'] },
  { type: 'audio', marks: ['dub', 'visual_impaired', 'original'], left: [] },
  {
    type: 'audio',
    marks: ['forced', 'hearing_impaired', 'clean_effects'],
    left: ['forced', 'hearing impaired', 'clean effects'],
  },
] as const)('says of $type with the marks $marks what MOV has no mark for: $left', ({ type, marks, left }) => {
  const stream = aStream(type, type === 'audio' ? 'aac' : 'mov_text', { dispositions: marks });
  const plan = { stream, fate: 'kept', why: 'copied', codecArgs: ['copy'], sidecar: undefined } as const;
  expect(roleFates([plan], 'mov').map(({ name }) => name)).toEqual(left);
});
