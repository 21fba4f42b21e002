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
    expect(begins && midGroupSentence(begins, 'film.ts')).toBe(
      `the recording begins in the middle of a group of pictures${after} ${told}`,
    );
  });

  it.each([
    { name: 'VTS_01_2.VOB', command: 'cat VTS_01_[1-9].VOB > VTS_01.VOB' },
    { name: 'vts_12_9.vob', command: 'cat vts_12_[1-9].vob > vts_12.vob' },
    { name: '00001.MTS', command: 'cat 00000.MTS 00001.MTS > joined.MTS' },
    { name: '00100.m2ts', command: 'cat 00099.m2ts 00100.m2ts > joined.m2ts' },
  ])('is told how to join it with what comes before it: $name', ({ name, command }) => {
    const told = midGroupSentence({ before: 0, soundOnlySeconds: 0 }, name);
    expect(told).toMatch(
      /, and is shown from its first keyframe on; if it goes on where another file ends, join them first, /,
    );
    expect(told.endsWith(`: ${command}`)).toBe(true);
  });

  it.each(['VTS_01_0.VOB', 'VTS_01_1.VOB', '00000.MTS', 'recording_2.ts', '00001.mp4', ''])(
    'is told nothing of other files by the name %j',
    (name) => {
      expect(midGroupSentence({ before: 0, soundOnlySeconds: 0 }, name)).toMatch(/ keyframe on$/);
    },
  );

  it.each([
    { what: 'begins with a keyframe', keys: [0, 25] },
    { what: 'has no keyframe', keys: [] },
  ])('is none that $what', ({ keys }) => {
    expect(
      midGroup({ packets: packets(keys), times: shownFrom(0), tickSeconds: 0.04, soundsBegin: [] }),
    ).toBeUndefined();
  });
});
