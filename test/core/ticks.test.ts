import { describe, expect, it } from '@jest/globals';
import { clocks, microsecondsOf, ticksOfMicroseconds } from '../../core/ticks.ts';

describe('two clocks', () => {
  it('are compared exactly where each tick of the one is a whole number of the other', () => {
    const { off, parts } = clocks({ num: 1, den: 90_000 }, { num: 1, den: 25 });
    expect(parts).toBe(1);
    expect(off(3600, 1)).toBe(0);
    expect(off(3601, 1)).toBe(1);
  });

  it('are compared in parts of a tick where they share none', () => {
    const { off, parts } = clocks({ num: 1, den: 1000 }, { num: 1, den: 30 });
    expect(parts).toBe(3);
    expect(off(33, 1)).toBe(-1); // a third of a millisecond early
  });

  it('are compared beyond what floating point holds', () => {
    const { off } = clocks({ num: 1, den: 999_999_999 }, { num: 1, den: 1_000_000_000 });
    expect(off(999_999_999 * 80_000, 80_000 * 1_000_000_000)).toBe(0);
    expect(off(999_999_999 * 80_000 + 1, 80_000 * 1_000_000_000)).toBe(1_000_000_000);
  });
});

describe('microseconds', () => {
  it.each([
    { microseconds: 200, ticks: 1 }, // half a tick of 2500 a second, away from 0 as ffmpeg has it
    { microseconds: -200, ticks: -1 },
    { microseconds: 199, ticks: 0 },
    { microseconds: 28_440_000, ticks: 71_100 },
  ])('$microseconds are $ticks ticks of 2500 a second', ({ microseconds, ticks }) => {
    expect(ticksOfMicroseconds(microseconds, { num: 1, den: 2500 })).toBe(ticks);
  });

  it('are what ticks come to, rounded once', () => {
    expect(microsecondsOf(1, { num: 1001, den: 30_000 })).toBe(33_367);
    expect(microsecondsOf(-1, { num: 1001, den: 30_000 })).toBe(-33_367);
  });
});
