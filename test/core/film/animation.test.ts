import { describe, expect, it } from '@jest/globals';
import { animationTimes } from '../../../core/film/animation.ts';

describe('the times of an animation', () => {
  it("are a GIF's hundredths, those of 10 ms or less as long as browsers show them", () => {
    const delays = [0, 1, 2, 150].map((num) => ({ num, den: 100 }));
    expect(animationTimes(delays)).toEqual({ timeBase: { num: 1, den: 50 }, starts: [0, 5, 10, 11], end: 86 });
  });

  it("are an APNG's fractions, on the coarsest clock that has them all", () => {
    const delays = [
      { num: 1, den: 30 },
      { num: 1001, den: 30_000 },
      { num: 1, den: 24 },
    ];
    const ticks = [1000, 1001, 1250];
    expect(animationTimes(delays)).toEqual({ timeBase: { num: 1, den: 30_000 }, starts: [0, 1000, 2001], end: 3251 });
    expect(ticks.reduce((sum, each) => sum + each)).toBe(3251);
  });

  it('are rounded, but do not drift, where no clock has all its fractions', () => {
    const delays = Array.from({ length: 1000 }, (_, i) => ({ num: 997, den: 65_535 - i }));
    const { timeBase, starts, end } = animationTimes(delays);
    const seconds = delays.reduce((sum, { num, den }) => sum + num / den, 0);
    expect(timeBase.den).toBeLessThanOrEqual(10_000_000);
    expect(starts).toHaveLength(1000);
    expect(Math.abs(end / timeBase.den - seconds)).toBeLessThan(1 / timeBase.den);
  });
});
