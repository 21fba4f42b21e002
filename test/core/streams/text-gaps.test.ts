import { expect, it } from '@jest/globals';
import { gapsOf, tooWideAGap } from '../../../core/streams/text-gaps.ts';

const cue = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

it.each([
  { of: 'no text', cues: [], told: undefined },
  { of: 'texts that are near', cues: [cue(1, 2), cue(1500, 1501)], told: undefined },
  { of: 'a text that is long', cues: [cue(1, 5000), cue(2, 3), cue(5001, 5002)], told: undefined },
  { of: 'a first text that is late', cues: [cue(3600, 3601)], told: '1:00:00' },
  { of: 'texts an hour apart', cues: [cue(1, 2), cue(3602.5, 3603), cue(3604, 3605)], told: '1:00:00' },
])('the gaps of $of are judged', ({ cues, told }) => {
  const why = tooWideAGap(gapsOf(cues));
  expect(why).toEqual(told && `MP4 would show its texts too early behind ${told} without one`);
});
