/** The score of one frame against its source. Frames are numbered from the first of the file. */
export type FrameScore = { readonly frame: number; readonly score: number };

type ScoreSummary = { readonly mean: number; readonly min: number; readonly harmonicMean: number };

/**
 * Returns mean, minimum and harmonic mean of the scores. Throws if there are none: a quality that was not measured has
 * no number.
 */
export function summaryOf(scores: readonly FrameScore[]): ScoreSummary {
  if (scores.length === 0) throw new Error('no frame was measured');
  let sum = 0;
  let inverse = 0;
  let min = Number.POSITIVE_INFINITY;
  for (const { score } of scores) {
    sum += score;
    // as libvmaf does, since a score may be 0: adds 1 to each score and takes it off the mean
    inverse += 1 / (score + 1);
    min = Math.min(min, score);
  }
  return { mean: sum / scores.length, min, harmonicMean: scores.length / inverse - 1 };
}
