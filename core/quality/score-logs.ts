import * as z from 'zod/mini';
import { type Metric, PERFECT } from './metric.ts';

const vmafLog = z.object({
  frames: z.array(
    z.object({
      metrics: z.object({ vmaf: z.number(), mse_y: z.number(), mse_cb: z.number(), mse_cr: z.number() }),
    }),
  ),
});

/** Returns the scores from the log of a metric's filter, one for each frame, in order. An empty log has no scores. */
export function scoresIn(log: string, metric: Metric): readonly number[] {
  if (log === '') return [];
  switch (metric) {
    case 'vmaf':
      return vmafLog.parse(JSON.parse(log)).frames.map(({ metrics }) => vmafOf(metrics));
    case 'xpsnr':
      return rowsOf(log).map(({ y, u, v }) => worstPlane([y, u, v]));
    case 'ssim':
      return rowsOf(log).map(({ All }) => Number(All));
    default:
      return metric satisfies never;
  }
}

/** The mean squared errors of the planes of one frame. */
export type PlaneErrors = { readonly y: number; readonly u: number; readonly v: number };

/** Returns the errors from the log of the psnr filter, scaled to 8 bits: a difference of 4 in 10 bits counts as 1. */
export function errorsIn(log: string, bits: number): readonly PlaneErrors[] {
  const scale = 4 ** (8 - bits);
  return rowsOf(log).map(({ mse_y, mse_u, mse_v }) => ({
    y: Number(mse_y) * scale,
    u: Number(mse_u) * scale,
    v: Number(mse_v) * scale,
  }));
}

/**
 * VMAF gives a still frame that equals its reference 97.43, so a frame without any squared error gets the full score.
 */
function vmafOf(frame: { vmaf: number; mse_y: number; mse_cb: number; mse_cr: number }): number {
  const isEqual = frame.mse_y === 0 && frame.mse_cb === 0 && frame.mse_cr === 0;
  return isEqual ? PERFECT.vmaf : frame.vmaf;
}

/**
 * The score of the worst plane counts, as in the summary that ffmpeg prints, so that a lost plane does not hide behind
 * the others.
 */
function worstPlane(planes: readonly (string | undefined)[]): number {
  return Math.min(PERFECT.xpsnr, ...planes.map((value) => (value === 'inf' ? PERFECT.xpsnr : Number(value))));
}

/**
 * Reads the statistics of ssim, psnr and xpsnr. They have a line of names and values for each frame, as in `n:1 Y:0.98
 * U:0.99 V:0.99 All:0.98 (20.5)`, `n:1 mse_avg:2.24 mse_y:3.36 ...` and `n:    1  XPSNR y: 46.0287  XPSNR u: inf ...`.
 * The sums after them are left out.
 */
function rowsOf(log: string): readonly Readonly<Record<string, string>>[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('n:'))
    .map((line) =>
      Object.fromEntries([...line.matchAll(/(\w+): *([\d.]+|inf)/g)].map(([, name, value]) => [name, value])),
    );
}
