import type { SampleWindow } from './sample.ts';
import { type FrameScore, summaryOf } from './score-summary.ts';

/**
 * Returns how far the mean of all frames may be from the mean of the measured ones: half the width of an interval of 95 %
 * confidence, in the units of the score. It is 0 where every frame was measured, and undefined where fewer than two
 * windows were, which tell nothing about the rest.
 *
 * Windows at even distances are one systematic sample. Its variance is estimated from the differences of neighbouring
 * windows, since a film that slowly changes is known better by such a sample than by a random one, with the correction for
 * a finite number of frames (Wolter, "Introduction to Variance Estimation", 2nd edition, section 8.2, estimator v2). The
 * factor is Student's t for as many degrees of freedom as there are differences.
 */
export function sampleError(
  windows: readonly SampleWindow[],
  scores: readonly FrameScore[],
  frameCount: number,
): number | undefined {
  if (scores.length >= frameCount) return 0;
  const means = windows.flatMap((window) => meansOf(window, scores));
  const differences = means.slice(1).map((mean, i) => (mean - (means[i] ?? mean)) ** 2);
  if (differences.length === 0) return undefined;
  const sum = differences.reduce((a, b) => a + b, 0);
  const variance = ((1 - scores.length / frameCount) * sum) / (2 * means.length * differences.length);
  return studentsT(differences.length) * Math.sqrt(variance);
}

/** The mean of a window, or none where none of its frames has a score. */
export function meansOf({ startFrame, frames }: SampleWindow, scores: readonly FrameScore[]): readonly number[] {
  const within = scores.filter(({ frame }) => frame >= startFrame && frame < startFrame + frames);
  return within.length === 0 ? [] : [summaryOf(within).mean];
}

/** The 97.5 % points of Student's distribution for 1 to 10 degrees of freedom; beyond them an approximation to 0.01. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

const studentsT = (freedom: number): number => T[freedom - 1] ?? 1.96 + 2.4 / freedom + 2.9 / freedom ** 2;
