import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { segmentArgs } from '../../core/encode/encode-args.ts';
import { complaints } from '../../core/film/complaints.ts';
import type { PieceResult, PieceTask } from '../../core/ports/file-maker.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { pictureInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import type { StageTask } from './encode-by-steps.ts';
import { judgePiece } from './judge-piece.ts';
import { besidePath, packBeside } from './pack-beside.ts';

/** The programs that make a piece. */
export type FfmpegPaths = {
  /** The ffmpeg that encodes. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** The ffmpeg that decodes and filters where frames are fed to the encoder; it is the one that surveyed the frames. */
  readonly feeder: string;
};

/**
 * Decodes and encodes one segment by itself. The piece comes through a pipe that this process reads, so that an encoder
 * whose parent process was killed ends at its next packet.
 */
export async function encodeSegment(
  tools: FfmpegPaths,
  task: StageTask,
  output: string,
  { signal, onProgress, nice = false }: WorkOptions,
): Promise<PieceResult> {
  const { spec, segment } = task;
  const beside = besidePath(spec, output);
  const args = segmentArgs({ ...segmentReading(task), spec, beside, keyframes: segment.keyframes });
  const file = createWriteStream(output);
  const { stderrTail } = await writeFailure(
    runFfmpeg(tools.ffmpeg, args, {
      signal,
      nice,
      stdout: file,
      onFrames: onProgress,
      writes: output,
      keptOfStderr: complaints(),
      blame: 'bug',
      doing: `encoding frames ${segment.start} to ${segment.end}`,
    }),
    output,
  );
  return checkedPiece(task, { output, damage: stderrTail }, signal);
}

/** Returns what ffmpeg reads: a window of the source, or the whole of a piece. */
export function segmentReading({ source, piece, window, spec }: StageTask) {
  if (piece === undefined) return { input: pictureInput(source), stream: source.stream, window, ticks: spec.ticks };
  const whole = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  return { input: ['-f', 'nut', '-i', `file:${piece}`], stream: 0, window: whole, ticks: undefined };
}

/** Returns the piece if it has exactly its segment's frames; else removes the file and says what it has instead. */
export async function checkedPiece(
  task: PieceTask,
  { output, damage }: { readonly output: string; readonly damage: readonly string[] },
  signal: AbortSignal,
): Promise<PieceResult> {
  await writeFailure(packBeside(task.spec, output, signal), output);
  const found = await judgePiece(task, output, signal);
  if (found === undefined) return { exact: true, bytes: (await stat(output)).size, damage };
  await rm(output, { force: true });
  return { exact: false, found };
}
