import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { relativeTimes, segmentWindow } from '../../../core/segments/windows.ts';

const TIMES = Float64Array.from([0, 40, 80, 200, 240, 280]);
const MS = 0.001;

describe('the window of a segment', () => {
  it.each([
    {
      what: 'the first is read from the start',
      range: { start: 0, end: 3 },
      margin: 0,
      window: { seekSeconds: undefined, lead: 0, frames: 3 },
    },
    {
      what: 'one in the middle is sought half-way between two frames',
      range: { start: 3, end: 5 },
      margin: 0,
      window: { seekSeconds: 0.14, lead: 0, frames: 2 },
    },
    {
      what: 'the last takes every frame there is, so that one too many shows',
      range: { start: 3, end: 6 },
      margin: 0,
      window: { seekSeconds: 0.14, lead: 0, frames: undefined },
    },
    {
      what: 'the only one is the whole source',
      range: { start: 0, end: 6 },
      margin: 2,
      window: { seekSeconds: undefined, lead: 0, frames: undefined },
    },
    {
      what: 'a filter is given the frames before',
      range: { start: 4, end: 5 },
      margin: 2,
      window: { seekSeconds: 0.06, lead: 2, frames: 1 },
    },
    {
      what: 'a filter is given as many as there are',
      range: { start: 1, end: 3 },
      margin: 2,
      window: { seekSeconds: undefined, lead: 1, frames: 2 },
    },
  ])('$what', ({ range, margin, window }) => {
    const { seekSeconds, ...rest } = segmentWindow(range, TIMES, MS, margin);
    expect(rest).toEqual({ lead: window.lead, frames: window.frames });
    if (window.seekSeconds === undefined) expect(seekSeconds).toBeUndefined();
    else expect(seekSeconds).toBeCloseTo(window.seekSeconds, 9);
  });

  it('is sought behind the frame before it and in front of its first, to the microsecond that ffmpeg is given', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.nat(), fc.integer({ min: 1000, max: 90_000 }), (steps, at, clock) => {
        const times = Float64Array.from(steps.map((_, i) => steps.slice(0, i).reduce((sum, gap) => sum + gap, 0)));
        const start = 1 + (at % (times.length - 1));
        const { seekSeconds } = segmentWindow({ start, end: times.length }, times, 1 / clock, 0);
        const given = Number(seekSeconds?.toFixed(6));
        expect(given).toBeGreaterThan((times[start - 1] ?? 0) / clock);
        expect(given).toBeLessThan((times[start] ?? 0) / clock);
      }),
    );
  });
});

describe('relative times', () => {
  it('count from the first frame of the segment', () => {
    expect([...relativeTimes({ start: 2, end: 5 }, TIMES)]).toEqual([0, 120, 160]);
  });
});
