import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { passesFor } from '../../../core/quality/passes.ts';
import {
  CHECK_SAMPLING,
  comparedOfTrial,
  framesIn,
  framesTaken,
  SEARCH_SAMPLING,
  sampleWindows,
  samplingFor,
  scoredEvery,
} from '../../../core/quality/sample.ts';
import { sampleError } from '../../../core/quality/sample-error.ts';

describe('a sample', () => {
  it.each([
    { of: 'nothing', frames: 0, windows: 0, sampled: 0 },
    { of: 'a single frame', frames: 1, windows: 1, sampled: 1 },
    { of: 'a short file is the whole', frames: 96, windows: 8, sampled: 96 },
    { of: 'a minute', frames: 1500, windows: 4, sampled: 48 },
    { of: 'ten minutes is 3 %', frames: 15_000, windows: 38, sampled: 450 },
    { of: 'a film has a limit', frames: 180_000, windows: 40, sampled: 1440 },
  ])('of $of', ({ frames, windows, sampled }) => {
    const sample = sampleWindows(frames, CHECK_SAMPLING);
    expect(sample).toHaveLength(windows);
    expect(framesIn(sample)).toBe(sampled);
  });

  it.each([
    { of: 'a clip of two seconds is the whole', frames: 50, windows: 1, sampled: 50 },
    { of: 'a clip of eight seconds', frames: 200, windows: 2, sampled: 66 },
    { of: 'a minute', frames: 1500, windows: 5, sampled: 165 },
    { of: 'two minutes', frames: 3000, windows: 7, sampled: 231 },
    { of: 'ten minutes is 4 %', frames: 15_000, windows: 18, sampled: 594 },
    { of: 'a film has a limit', frames: 180_000, windows: 40, sampled: 1320 },
  ])('to search, of $of', ({ frames, windows, sampled }) => {
    const sample = sampleWindows(frames, SEARCH_SAMPLING);
    expect(sample).toHaveLength(windows);
    expect(framesIn(sample)).toBe(sampled);
    if (windows > 1) expect(sample.every((window) => window.frames === 33)).toBe(true);
  });

  it.each([5, 50, 217, 455, 960])(
    'of the whole of %d frames can tell its error where only some have a score',
    (frames) => {
      const windows = sampleWindows(frames, samplingFor(true));
      expect(framesTaken(windows)).toEqual(Array.from({ length: frames }, (_, i) => i));
      const every = scoredEvery(windows);
      const scores = framesTaken(windows).filter((frame) => frame % every === 0);
      const error = sampleError(
        windows,
        scores.map((frame) => ({ frame, score: 90 + (frame % 10) })),
        frames,
      );
      if (frames >= 40) expect(error).toBeGreaterThan(0);
      expect(scores.length).toBeGreaterThanOrEqual(Math.min(34, frames / 3));
    },
  );

  it('to search scores the whole of a short film, and no first frames of other windows', () => {
    expect(sampleWindows(50, SEARCH_SAMPLING).map(comparedOfTrial)).toEqual([{ startFrame: 0, frames: 50, lead: 0 }]);
    const windows = sampleWindows(200, SEARCH_SAMPLING);
    expect(windows.map(comparedOfTrial)).toEqual(
      windows.map(({ startFrame }) => ({ startFrame: startFrame + 2, frames: 31, lead: 2 })),
    );
  });

  it('is spread evenly: the gaps between windows differ by a frame or two', () => {
    const sample = sampleWindows(10_000, CHECK_SAMPLING);
    const gaps = sample.slice(1).map(({ startFrame }, i) => startFrame - (sample[i]?.startFrame ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(2);
    expect(sample[0]?.startFrame).toBeLessThan(10_000 / sample.length);
    expect(sample.at(-1)?.startFrame).toBeGreaterThan(10_000 - 10_000 / sample.length);
  });

  it.each([
    { name: 'to check', sampling: CHECK_SAMPLING },
    { name: 'to search', sampling: SEARCH_SAMPLING },
  ])('$name lies in the file, takes no frame twice, and is the same every time', ({ sampling }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), (frames) => {
        const sample = sampleWindows(frames, sampling);
        const taken = framesTaken(sample);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.every((frame, i) => frame >= 0 && frame < frames && frame > (taken[i - 1] ?? -1))).toBe(true);
        expect(framesIn(sample)).toBeLessThanOrEqual(Math.max(sampling.most, 2 * sampling.least));
        expect(sampleWindows(frames, sampling)).toEqual(sample);
      }),
      { seed: 7 },
    );
  });
});

const FROM_START = { seekSeconds: undefined, skip: 0, frame: 0 };

describe('the way to a sample', () => {
  const times = Float64Array.from({ length: 5000 }, (_, i) => i);
  const tickSeconds = 1 / 32;
  const windows = [
    { startFrame: 1, frames: 4, lead: 0 },
    { startFrame: 1000, frames: 4, lead: 2 },
  ];

  const every = (frames: number) => Uint32Array.from({ length: times.length / frames }, (_, i) => i * frames);

  it.each([
    { what: 'a file of keyframes', of: every(1), seekSeconds: 995.5 / 32, skip: 0 },
    { what: 'a GOP that began a little before', of: every(83), seekSeconds: (83 * 12 + 0.5 - 83) / 32, skip: 82 },
    { what: 'a GOP that began long before', of: every(250), seekSeconds: 750.5 / 32, skip: 245 },
    { what: 'a file with one keyframe', of: every(5000), seekSeconds: 0.5 / 32, skip: 995 },
  ])('leads through the last keyframe before the first frame needed: $what', ({ of, seekSeconds, skip }) => {
    const file = { times, tickSeconds, fileStartSeconds: 3, keyframes: of, margin: 2 };
    const passes = passesFor(windows, { reference: file, distorted: file, sequential: false });
    expect(passes.map(({ reference }) => reference)).toEqual([
      FROM_START,
      { seekSeconds, fileStartSeconds: 3, skip, frame: 996 },
    ]);
  });

  it('begins at the start of the file if no keyframe is known', () => {
    const file = { times, tickSeconds, fileStartSeconds: 0, keyframes: new Uint32Array(), margin: 0 };
    const passes = passesFor(windows, { reference: file, distorted: file, sequential: false });
    expect(passes.map(({ distorted }) => distorted)).toEqual([
      { seekSeconds: undefined, skip: 1, frame: 1 },
      { seekSeconds: undefined, skip: 998, frame: 998 },
    ]);
  });

  it.each([
    { does: 'where the source cannot be sought', length: 5000, sequential: true },
    { does: 'where seeks would decode more', length: 250, sequential: false },
  ])('is one decode of all, $does', ({ length, sequential }) => {
    const file = { times: times.slice(0, length), tickSeconds, fileStartSeconds: 0, keyframes: every(1), margin: 0 };
    const passes = passesFor(windows, { reference: file, distorted: file, sequential });
    expect(passes).toEqual([{ windows, reference: FROM_START, distorted: FROM_START }]);
  });
});
