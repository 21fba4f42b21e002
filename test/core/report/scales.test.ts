import { describe, expect, it } from '@jest/globals';
import { clock } from '../../../core/format.ts';
import { percentAt, timeScale, valueScale } from '../../../core/report/scales.ts';

const vmaf = { floor: 0, ceiling: 100, leastSpan: 4 };
const ssim = { floor: -1, ceiling: 1, leastSpan: 0.01 };

describe('the scale of values', () => {
  it.each([
    { values: [83, 99.5], range: vmaf, labels: ['80', '85', '90', '95', '100'] },
    { values: [96, 96], range: vmaf, labels: ['94', '95', '96', '97', '98'] },
    { values: [100, 100], range: vmaf, labels: ['96', '97', '98', '99', '100'] },
    { values: [0, 100], range: vmaf, labels: ['0', '50', '100'] },
    { values: [0, 0], range: vmaf, labels: ['0', '1', '2'] },
    { values: [0.971, 0.987], range: ssim, labels: ['0.965', '0.970', '0.975', '0.980', '0.985', '0.990'] },
  ])('from $values has ticks at $labels', ({ values, range, labels }) => {
    expect(valueScale(values, range).ticks.map(({ label }) => label)).toEqual(labels);
  });

  it('contains every value, and ends within the range of the metric', () => {
    for (const low of [0, 0.3, 12.5, 60, 94.99, 99.99]) {
      for (const span of [0, 0.01, 0.7, 5, 40]) {
        const high = Math.min(100, low + span);
        const { from, to, ticks } = valueScale([low, high], vmaf);
        expect([from <= low, to >= high, from >= 0, to <= 100]).toEqual([true, true, true, true]);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(7);
      }
    }
  });
});

describe('the scale of time', () => {
  it.each([
    { to: 0.3, labels: ['0:00.00', '0:00.05', '0:00.10', '0:00.15', '0:00.20', '0:00.25', '0:00.30'] },
    { to: 2, labels: ['0:00.0', '0:00.5', '0:01.0', '0:01.5', '0:02.0'] },
    { to: 61, labels: ['0:00', '0:10', '0:20', '0:30', '0:40', '0:50', '1:00'] },
    { to: 7321, labels: ['0:00', '30:00', '1:00:00', '1:30:00', '2:00:00'] },
  ])('to $to s has ticks at $labels', ({ to, labels }) => {
    const scale = timeScale(0, to);
    expect(scale.ticks.map(({ label }) => label)).toEqual(labels);
    expect(scale.to).toBe(to);
  });

  it('is never empty', () => {
    const scale = timeScale(0, 0);
    expect(percentAt(0, scale)).toBe(0);
    expect(timeScale(0, 1e7).ticks.length).toBeLessThanOrEqual(9);
  });

  it.each([
    { seconds: 59.996, precision: 0.01, text: '1:00.00' },
    { seconds: 3599.6, precision: 1, text: '1:00:00' },
    { seconds: -0.5, precision: 0.1, text: '-0:00.5' },
    { seconds: 3723.25, precision: 0.01, text: '1:02:03.25' },
  ])('writes $seconds s to the nearest $precision s as $text', ({ seconds, precision, text }) => {
    expect(clock(seconds, precision)).toBe(text);
  });
});
