import { describe, expect, it } from '@jest/globals';
import { keyframesByTime, plannedKeyframes } from '../../../core/segments/keyframes.ts';

/** Frames at these times in milliseconds, in one segment. */
const found = (times: readonly number[], frames = 50, seconds = 2) =>
  keyframesByTime(
    { start: 0, end: times.length },
    { times: Float64Array.from(times), tickSeconds: 0.001 },
    { frames, seconds },
  );
const every = (gap: number, count: number) => Array.from({ length: count }, (_, i) => Math.round(i * gap));

describe('keyframes of a segment', () => {
  it.each([
    { of: '25 frames a second', times: every(40, 200), frames: 50 },
    { of: '23.976 on a clock of milliseconds', times: every(1001 / 24, 200), frames: 48, seconds: 2.002 },
    { of: 'one frame', times: [0], frames: 50 },
    { of: 'a frame missing', times: every(40, 200).filter((_, i) => i !== 60), frames: 50 },
  ])('are counted with $of', ({ times, frames, seconds }) => {
    expect(found(times, frames, seconds)).toBeUndefined();
  });

  it.each([
    { of: '2 frames a second in a clock of 60', times: every(500, 12), frames: 120, keyframes: [0, 4, 8] },
    { of: 'slides further apart', times: every(5000, 4), frames: 50, keyframes: [0, 1, 2, 3] },
    { of: 'a pause', times: [0, 40, 80, 5000, 5040], frames: 50, keyframes: [0, 2, 3] },
    { of: 'a pause after a keyframe', times: [0, 5000, 5040], frames: 50, keyframes: [0, 1] },
    {
      of: 'a slow and a fast part',
      times: [...every(500, 4), ...every(10, 60).map((at) => 2000 + at)],
      frames: 50,
      keyframes: [0, 4, 54],
    },
  ])('go by time with $of', ({ times, frames, keyframes }) => {
    expect(found(times, frames)).toEqual(keyframes);
  });

  it('are never further apart than two seconds where a frame lies between', () => {
    const times = [0];
    let seed = 7;
    while (times.length < 500) {
      seed = (seed * 16_807) % 2_147_483_647;
      times.push((times.at(-1) ?? 0) + 1 + (seed % 900));
    }
    const keyframes = found(times) ?? [];
    keyframes.forEach((frame, i) => {
      const next = keyframes[i + 1] ?? times.length - 1;
      const apart = (times[next] ?? 0) - (times[frame] ?? 0);
      expect(apart <= 2002 || next === frame + 1).toBe(true);
      expect(next - frame).toBeLessThanOrEqual(50);
    });
  });

  it('are near enough to the next segment, which begins with one', () => {
    const times = Float64Array.from(every(500, 12));
    const clock = { times, tickSeconds: 0.001 };
    expect(keyframesByTime({ start: 0, end: 6 }, clock, { frames: 120, seconds: 2 })).toEqual([0, 4]);
    expect(keyframesByTime({ start: 0, end: 5 }, clock, { frames: 120, seconds: 2 })).toEqual([0, 4]);
    expect(keyframesByTime({ start: 0, end: 4 }, clock, { frames: 120, seconds: 2 })).toBeUndefined();
  });

  it('are planned for the whole film', () => {
    const segments = [
      { start: 0, end: 5 },
      { start: 5, end: 9, keyframes: [0, 3] },
    ];
    expect(plannedKeyframes(segments, 2)).toEqual([0, 2, 4, 5, 8]);
  });
});
