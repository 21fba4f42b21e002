import { rm, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
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
  // the script takes one line a path: the folders above, which may be called anything, are left out of it
  const cwd = dirname(script);
  const pieces = plan.pieces.map((piece) => ({ ...piece, path: relative(cwd, piece.path) }));
  await writeFailure(writeFile(script, concatScript(pieces)), script);
  try {
    const { stderrTail } = await runFfmpeg(
      ffmpeg,
      joinArgs(plan, script, timedInputArguments(plan.source, plan.access)),
      {
        signal,
        cwd,
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
