import { rm, writeFile } from 'node:fs/promises';
import { concatScript, type JoinPlan, joinArgs } from '../core/encode/join-args.ts';
import type { WorkOptions } from '../core/ports/media.ts';
import { patchDisplayMatrix } from './display-matrix.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { timedInputArguments } from './input-arguments.ts';
import { writeFailure } from './write-failure.ts';

/** Joins pieces and the source's other streams into `plan.output`. */
export async function join(
  ffmpeg: string,
  plan: JoinPlan,
  { signal, onProgress }: WorkOptions,
): Promise<readonly string[]> {
  const script = `${plan.output}.ffconcat`;
  await writeFailure(writeFile(script, concatScript(plan.pieces)), script);
  try {
    const { stderrTail } = await runFfmpeg(
      ffmpeg,
      joinArgs(plan, script, timedInputArguments(plan.source, plan.access)),
      {
        signal,
        onFrames: onProgress,
        writes: plan.output,
        blame: 'bug',
        doing: 'joining the segments',
      },
    );
    const { displayMatrix } = plan.video;
    if (displayMatrix && plan.container !== 'mkv') await patchDisplayMatrix(plan.output, displayMatrix, signal);
    return stderrTail;
  } finally {
    await rm(script, { force: true });
  }
}
