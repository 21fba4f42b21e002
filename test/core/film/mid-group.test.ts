import { describe, expect, it } from '@jest/globals';
import { DISCARD, KEY } from '../../../core/film/frame-index.ts';
import { midGroup, midGroupSentence } from '../../../core/film/mid-group.ts';

/** Packets 40 ms apart, of which those with these numbers are keyframes. */
const packets = (keys: readonly number[], count = 50) => ({
  from: 'packets' as const,
  timeBase: { num: 1, den: 25 },
  count,
  pts: Float64Array.from({ length: count }, (_, i) => i),
  flags: Uint8Array.from({ length: count }, (_, i) => (keys.includes(i) ? KEY : i === 0 ? DISCARD : 0)),
});
const shownFrom = (first: number) => Array.from({ length: 50 - first }, (_, i) => first + i);

describe('a recording that begins in the middle of a group of pictures', () => {
  it.each([
    {
      what: 'nothing is shown before its keyframe',
      first: 25,
      soundsBegin: [-0.3],
      told: 'its first 1.3 s have sound only',
      after: ';',
    },
    {
      what: 'pictures are shown before its keyframe',
      first: 5,
      soundsBegin: [0.2],
      told: 'its first 20 pictures refer to others that it does not hold',
      after: ';',
    },
    {
      what: 'it has no sound',
      first: 25,
      soundsBegin: [],
      told: 'and is shown from its first keyframe on',
      after: ',',
    },
  ])('is told with what is missing: $what', ({ first, soundsBegin, told, after }) => {
    const begins = midGroup({ packets: packets([25]), times: shownFrom(first), tickSeconds: 0.04, soundsBegin });
    expect(begins && midGroupSentence(begins)).toBe(
      `the recording begins in the middle of a group of pictures${after} ${told}`,
    );
  });

  it.each([
    { what: 'begins with a keyframe', keys: [0, 25] },
    { what: 'has no keyframe', keys: [] },
  ])('is none that $what', ({ keys }) => {
    expect(
      midGroup({ packets: packets(keys), times: shownFrom(0), tickSeconds: 0.04, soundsBegin: [] }),
    ).toBeUndefined();
  });
});
