/** One frame's likeness to its source; frames are counted from the file's first. */
export type FrameScore = { readonly frame: number; readonly score: number };

export type ScoreSummary = { readonly mean: number; readonly min: number; readonly harmonicMean: number };

/** Throws where there is nothing to sum up: a quality that was not measured has no number. */
export function summaryOf(scores: readonly FrameScore[]): ScoreSummary {
  if (scores.length === 0) throw new Error('no frame was measured');
  let sum = 0;
  let inverse = 0;
  let min = Number.POSITIVE_INFINITY;
  for (const { score } of scores) {
    sum += score;
    inverse += 1 / (score + 1); // one added and taken off again, as libvmaf does: a score may be 0
    min = Math.min(min, score);
  }
  return { mean: sum / scores.length, min, harmonicMean: scores.length / inverse - 1 };
}
