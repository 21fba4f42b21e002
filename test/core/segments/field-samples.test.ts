import { describe, expect, it } from '@jest/globals';
import { sampleStarts } from '../../../core/segments/field-samples.ts';

const timeline = (frames: number, keyframes: readonly number[]) => ({
  ...{ times: Float64Array.from({ length: frames }, (_, i) => i), tickSeconds: 0.04, fileStartSeconds: 1.4 },
  keyframes: Uint32Array.from(keyframes),
});

describe('samples of a film', () => {
  it('begin right after the keyframes next to even places, so that nothing is decoded for nothing', () => {
    const film = { durationSeconds: 24, timeline: timeline(600, [0, 80, 190, 310, 420]) };
    expect(sampleStarts(3, film)).toEqual([
      { seekSeconds: undefined, skip: 0 },
      { seekSeconds: 190.5 * 0.04, fileStartSeconds: 1.4, skip: 0 },
      { seekSeconds: 420.5 * 0.04, fileStartSeconds: 1.4, skip: 0 },
    ]);
  });

  it('lie at their places where no keyframe is near, so that none is taken twice', () => {
    const film = { durationSeconds: 24, timeline: timeline(600, [0, 590]) };
    expect(sampleStarts(3, film)).toEqual([
      { seekSeconds: undefined, skip: 0 },
      { seekSeconds: 0.5 * 0.04, fileStartSeconds: 1.4, skip: 199 },
      { seekSeconds: 0.5 * 0.04, fileStartSeconds: 1.4, skip: 399 },
    ]);
  });

  it('are counted in seconds where the packets do not tell the frames', () => {
    expect(sampleStarts(4, { durationSeconds: 20 }).map(({ seekSeconds }) => seekSeconds)).toEqual([
      undefined,
      5,
      10,
      15,
    ]);
  });
});
