import { describe, expect, it } from '@jest/globals';
import { sheetFrames } from '../../../core/quality/sheet-frames.ts';

const every = (distance: number, count: number) =>
  Uint32Array.from({ length: Math.ceil(count / distance) }, (_, i) => i * distance);

describe('the frames of a contact sheet', () => {
  it.each([
    [0, []],
    [1, [0]],
    [5, [0, 1, 2, 3, 4]],
    [24, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]],
  ])('are spread evenly over a short film of %i frames', (count, frames) => {
    expect(sheetFrames(count, every(250, count))).toEqual(frames);
  });

  it('stand right behind keyframes in a long film, where decoding them costs least', () => {
    const frames = sheetFrames(12_000, every(250, 12_000));
    expect(frames).toHaveLength(12);
    for (const frame of frames) expect(frame % 250).toBe(1);
  });

  it('are fewer if there are few keyframes, and never behind the last frame', () => {
    expect(sheetFrames(12_000, Uint32Array.of(0))).toEqual([1]);
    expect(
      Math.max(
        ...sheetFrames(
          1501,
          Uint32Array.from({ length: 1501 }, (_, i) => i),
        ),
      ),
    ).toBeLessThan(1501);
  });
});
