import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { relativeTimes, segmentWindow } from '../../../core/encode/windows.ts';

const TIMES = Float64Array.from([0, 40, 80, 200, 240, 280]);
const source = (keyframes: readonly number[]) => ({
  ...{ times: TIMES, tickSeconds: 0.001, fileStartSeconds: 0, keyframes: Uint32Array.from(keyframes) },
});
const INTRA = [0, 1, 2, 3, 4, 5];

describe('the window of a segment', () => {
  it.each([
    {
      what: 'the first is read from the start',
      ...{ range: { start: 0, end: 3 }, margin: 0, keyframes: INTRA },
      window: { seekSeconds: undefined, skip: 0, lead: 0, frames: 3 },
    },
    {
      what: 'one in the middle is sought half-way between two frames',
      ...{ range: { start: 3, end: 5 }, margin: 0, keyframes: INTRA },
      window: { seekSeconds: 0.14, skip: 0, lead: 0, frames: 2 },
    },
    {
      what: 'one that begins with a keyframe is sought through the one before it, as are all its frames but that one',
      ...{ range: { start: 4, end: 5 }, margin: 0, keyframes: [0, 2, 4] },
      window: { seekSeconds: 0.14, skip: 1, lead: 0, frames: 1 },
    },
    {
      what: 'what no keyframe stands before is read from the start',
      ...{ range: { start: 3, end: 5 }, margin: 0, keyframes: [3] },
      window: { seekSeconds: undefined, skip: 3, lead: 0, frames: 2 },
    },
    {
      what: 'the last takes every frame there is, so that one too many shows',
      ...{ range: { start: 3, end: 6 }, margin: 0, keyframes: INTRA },
      window: { seekSeconds: 0.14, skip: 0, lead: 0, frames: undefined },
    },
    {
      what: 'the only one is the whole source',
      ...{ range: { start: 0, end: 6 }, margin: 2, keyframes: INTRA },
      window: { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined },
    },
    {
      what: 'a filter is given the frames before',
      ...{ range: { start: 4, end: 5 }, margin: 2, keyframes: INTRA },
      window: { seekSeconds: 0.06, skip: 0, lead: 2, frames: 1 },
    },
    {
      what: 'a filter is given the frames before, whole ones',
      ...{ range: { start: 4, end: 5 }, margin: 2, keyframes: [0, 4] },
      window: { seekSeconds: 0.02, skip: 1, lead: 2, frames: 1 },
    },
    {
      what: 'a filter is given as many as there are',
      ...{ range: { start: 1, end: 3 }, margin: 2, keyframes: INTRA },
      window: { seekSeconds: undefined, skip: 0, lead: 1, frames: 2 },
    },
    {
      what: 'a network is given frames on both sides',
      ...{ range: { start: 3, end: 4 }, margin: 0, context: 1, keyframes: INTRA },
      window: { seekSeconds: 0.06, skip: 0, lead: 0, frames: 3, within: { before: 1, frames: 1 } },
    },
    {
      what: 'a network is given frames on both sides, as far as there are any, and its filters those before',
      ...{ range: { start: 2, end: 5 }, margin: 1, context: 2, keyframes: INTRA },
      window: { seekSeconds: undefined, skip: 0, lead: 0, frames: 6, within: { before: 2, frames: 3 } },
    },
    {
      what: 'a network is given all that is left',
      ...{ range: { start: 4, end: 6 }, margin: 1, context: 1, keyframes: INTRA },
      window: { seekSeconds: 0.06, skip: 0, lead: 1, frames: undefined, within: { before: 1, frames: undefined } },
    },
  ])('$what', ({ range, margin, keyframes, window, ...more }) => {
    const context = 'context' in more ? more.context : 0;
    const { seekSeconds, ...rest } = segmentWindow(range, source(keyframes), margin, context);
    const { seekSeconds: wanted, ...others } = window;
    expect(rest).toEqual({ ...others, ...(wanted !== undefined && { fileStartSeconds: 0 }) });
    if (wanted === undefined) expect(seekSeconds).toBeUndefined();
    else expect(seekSeconds).toBeCloseTo(wanted, 9);
  });

  it('seeks between a keyframe and the next frame, to the microsecond that ffmpeg is given', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.nat(), fc.nat(), fc.integer({ min: 1000, max: 90_000 }), (steps, at, back, clock) => {
        const times = Float64Array.from(steps.map((_, i) => steps.slice(0, i).reduce((sum, gap) => sum + gap, 0)));
        const start = 1 + (at % (times.length - 1));
        const keyframe = back % start;
        const film = { times, tickSeconds: 1 / clock, fileStartSeconds: 0, keyframes: Uint32Array.of(keyframe) };
        const { seekSeconds, skip } = segmentWindow({ start, end: times.length }, film, 0);
        const given = Number(seekSeconds?.toFixed(6));
        expect(given).toBeGreaterThan((times[keyframe] ?? 0) / clock);
        expect(given).toBeLessThan((times[keyframe + 1] ?? 0) / clock);
        expect(keyframe + 1 + skip).toBe(start);
      }),
    );
  });
});

describe('relative times', () => {
  it('count from the first frame of the segment', () => {
    expect([...relativeTimes({ start: 2, end: 5 }, TIMES)]).toEqual([0, 120, 160]);
  });
});
