import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CHECK_SAMPLING, type SampleWindow, sampleWindows } from '../../../core/quality/sample.ts';
import { sampleError } from '../../../core/quality/sample-error.ts';
import { summaryOf } from '../../../core/quality/score-summary.ts';

const windowsAt = (...starts: readonly number[]): readonly SampleWindow[] =>
  starts.map((startFrame) => ({ startFrame, frames: 2, lead: 0 }));
const scored = (windows: readonly SampleWindow[], score: (frame: number) => number) =>
  windows.flatMap(({ startFrame, frames }) =>
    Array.from({ length: frames }, (_, i) => ({ frame: startFrame + i, score: score(startFrame + i) })),
  );

describe('the error of a sampled quality', () => {
  it('is that of the book for a systematic sample', () => {
    const windows = windowsAt(10, 30, 50);
    const means = new Map([
      [10, 90],
      [30, 92],
      [50, 91],
    ]);
    const error = sampleError(
      windows,
      scored(windows, (frame) => means.get(frame - (frame % 2)) ?? 0),
      60,
    );
    const variance = ((1 - 6 / 60) * (2 ** 2 + 1 ** 2)) / (2 * 3 * 2);
    expect(error).toBeCloseTo(4.303 * Math.sqrt(variance), 10);
  });

  it('is 0 where every frame was measured, and where all windows score alike', () => {
    const whole: readonly SampleWindow[] = [{ startFrame: 0, frames: 6, lead: 0 }];
    expect(
      sampleError(
        whole,
        scored(whole, (frame) => 80 + frame),
        6,
      ),
    ).toBe(0);
    const windows = windowsAt(10, 30, 50);
    expect(
      sampleError(
        windows,
        scored(windows, () => 88),
        60,
      ),
    ).toBe(0);
  });

  it('is not told from a single window of a longer film', () => {
    const windows = windowsAt(10);
    expect(
      sampleError(
        windows,
        scored(windows, () => 88),
        60,
      ),
    ).toBeUndefined();
  });

  it('holds for at least nine of ten films whose quality changes from shot to shot', () => {
    const shots = fc.array(fc.tuple(fc.integer({ min: 24, max: 240 }), fc.double({ min: 60, max: 99, noNaN: true })), {
      minLength: 12,
      maxLength: 40,
    });
    const films = fc.sample(shots, { numRuns: 300, seed: 1 });
    const held = films.filter((film) => {
      const scores = film
        .flatMap(([frames, score]) => Array.from({ length: frames }, (_, i) => score + Math.sin(i)))
        .map((score, frame) => ({ frame, score }));
      const windows = sampleWindows(scores.length, CHECK_SAMPLING);
      const measured = windows.flatMap(({ startFrame, frames }) => scores.slice(startFrame, startFrame + frames));
      const error = sampleError(windows, measured, scores.length);
      return error !== undefined && Math.abs(summaryOf(measured).mean - summaryOf(scores).mean) <= error;
    });
    expect(held.length / films.length).toBeGreaterThanOrEqual(0.9);
  });
});
