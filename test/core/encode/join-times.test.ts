import { describe, expect, it } from '@jest/globals';
import { exactTimesFilter, joinTimes } from '../../../core/encode/join-times.ts';
import { timescaleOf } from '../../../core/encode/timescale.ts';

const every = (ticks: number, frames: number) => Float64Array.from({ length: frames }, (_, i) => i * ticks);

describe('the times of pieces', () => {
  it('do not drift by the rounding of a thousand pieces', () => {
    const starts = Array.from({ length: 1000 }, (_, i) => i * 30);
    const times = every(1001, 30_000);
    const joined = joinTimes({ starts, times, timeBase: { num: 1, den: 30_000 }, delaySeconds: 0 });
    const micros = joined.durations.slice(0, -1).map((seconds) => Math.round((seconds ?? 0) * 1e6));
    const last = micros.reduce((sum, each) => sum + each, 0);
    expect(last).toBe(Math.round((999 * 30 * 1001 * 1e6) / 30_000));
    expect(joined.durations.at(-1)).toBeUndefined();
    expect(joined.corrections).toEqual([]);
  });

  it('are corrected if a tick falls between microseconds', () => {
    const times = Float64Array.from([3, 10, 100_004, 100_016]);
    const timeBase = { num: 1, den: 10_000_000 };
    const joined = joinTimes({ starts: [0, 2, 3], times, timeBase, delaySeconds: 0 });
    // told: 0.000000, 0.010000 and 0.010001 s; wanted: 3, 100,004 and 100,016 ticks
    expect(joined).toEqual({
      firstSeconds: 0,
      durations: [0.01, 0.000001, undefined],
      corrections: [
        { packet: 0, ticks: 3 },
        { packet: 2, ticks: 1 },
        { packet: 3, ticks: 2 },
      ],
      beginsAt: 0,
    });
    const exact = { corrections: joined.corrections, timeBase, frameSeconds: [0.04], last: undefined };
    const filter = exactTimesFilter(exact, { containerTicks: 10_000_000, pieceTicks: 10_000_000, isFragmented: false });
    expect(filter).toMatch(/^setts=pts='PTS\+round\(.*gte\(N,0\).*gte\(N,2\).*gte\(N,3\)':dts='DTS\+/);
  });
});

describe("a container's ticks", () => {
  it.each([
    { of: 'the clock of TS', timeBase: { num: 1, den: 90_000 }, times: every(3600, 9), is: 90_000 },
    { of: 'a clock of 600', timeBase: { num: 1, den: 600 }, times: every(20, 9), is: 1200 },
    { of: 'a clock of seconds', timeBase: { num: 1, den: 1 }, times: every(1, 9), is: 1024 },
    { of: 'an AVI of 29.97', timeBase: { num: 100, den: 2997 }, times: every(1, 9), is: 2997 },
    { of: 'nanoseconds', timeBase: { num: 1, den: 1e9 }, times: Float64Array.from([0, 1, 41_666_667]), is: 1e9 },
    {
      of: 'nanoseconds in which a picture cannot be coded ten pictures early',
      timeBase: { num: 1, den: 1e9 },
      times: every(41_666_667, 20),
      is: 1e6,
    },
    {
      of: 'the clock of TS with a pause of an hour',
      timeBase: { num: 1, den: 90_000 },
      times: Float64Array.from([0, 3600, 324_003_600, 324_007_200]),
      is: 1600, // all times are whole multiples of 3600 ticks
    },
    {
      of: 'nanoseconds in which no picture lasts 5 s',
      timeBase: { num: 1, den: 1e9 },
      times: every(5e9, 3),
      is: 1024, // every one of them is a whole second
    },
    {
      of: 'nanoseconds that share no coarser tick',
      timeBase: { num: 1, den: 1e9 },
      times: Float64Array.from([0, 1, 5e9]),
      is: 1e6,
    },
  ])('are $is for $of', ({ timeBase, times, is }) => {
    expect(timescaleOf(timeBase, times)).toBe(is);
  });
});
