import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { segmentArgs } from '../../core/encode/encode-args.ts';
import type { PieceResult, PieceTask, WorkOptions } from '../../core/ports/media.ts';
import { pictureInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import type { StageTask } from './encode-by-stages.ts';
import { judgePiece } from './judge-piece.ts';

export type FfmpegPaths = {
  /** Encodes. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Decodes and filters where frames are fed to the encoder: the one that surveyed the frames. */
  readonly feeder: string;
};

/**
 * One segment, decoded and encoded by itself. The piece comes through our own stdout, so that an encoder whose master
 * was killed ends at its next packet instead of working on for nobody.
 */
export async function encodeSegment(
  tools: FfmpegPaths,
  task: StageTask,
  output: string,
  { signal, onProgress, nice = false }: WorkOptions,
): Promise<PieceResult> {
  const { spec, segment } = task;
  const args = segmentArgs({ ...segmentReading(task), spec });
  const file = createWriteStream(output);
  const { stderrTail } = await writeFailure(
    runFfmpeg(tools.ffmpeg, args, {
      ...{ signal, nice },
      stdout: file,
      onFrames: onProgress,
      writes: output,
      blame: 'bug',
      doing: `encoding frames ${segment.start} to ${segment.end}`,
    }),
    output,
  );
  return checkedPiece(tools, task, { output, damage: stderrTail }, signal);
}

/** What ffmpeg is to read of a source; of a piece, all. */
export function segmentReading({ source, piece, window }: StageTask) {
  if (piece === undefined) return { input: pictureInput(source), stream: source.stream, window };
  const whole = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  return { input: ['-f', 'nut', '-i', `file:${piece}`], stream: 0, window: whole };
}

/** The piece if it holds exactly the frames it should; else it is removed and what it holds is said. */
export async function checkedPiece(
  tools: FfmpegPaths,
  task: PieceTask,
  { output, damage }: { readonly output: string; readonly damage: readonly string[] },
  signal: AbortSignal,
): Promise<PieceResult> {
  const found = await judgePiece(tools.ffprobe, task, output, signal);
  if (found === undefined) return { exact: true, bytes: (await stat(output)).size, damage };
  await rm(output, { force: true });
  return { exact: false, found };
}
