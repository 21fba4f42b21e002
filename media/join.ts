import { rm, writeFile } from 'node:fs/promises';
import { concatScript, type JoinPlan, joinArgs } from '../core/encode/join-args.ts';
import type { WorkOptions } from '../core/ports/media.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { patchDisplayMatrix } from './display-matrix.ts';
import { writeFailure } from './write-failure.ts';

/** Joins pieces and the source's other streams into `plan.output`. */
export async function join(ffmpeg: string, plan: JoinPlan, { signal, onProgress }: WorkOptions): Promise<void> {
  const script = `${plan.output}.ffconcat`;
  await writeFailure(writeFile(script, concatScript(plan.pieces)), script);
  try {
    await runFfmpeg(ffmpeg, joinArgs(plan, script), {
      signal,
      onFrames: onProgress,
      writes: plan.output,
      blame: 'bug',
      doing: 'joining the segments',
    });
  } finally {
    await rm(script, { force: true });
  }
  if (plan.video.displayMatrix && plan.container === 'mp4') await patchDisplayMatrix(plan.output, plan.video.displayMatrix);
}
