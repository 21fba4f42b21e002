import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeOfPiece, segmentsArgs } from '../../core/encode/encode-args.ts';
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

/** Decodes and encodes one segment by itself. */
export async function encodeSegment(
  tools: FfmpegPaths,
  task: StageTask,
  output: string,
  options: WorkOptions,
): Promise<PieceResult> {
  const damage = await encodeTo(tools.ffmpeg, [{ task, output }], options);
  return checkedPiece(task, { output, damage }, options.signal);
}

/**
 * Encodes pieces of the same frames by one decode, and returns what ffmpeg complains of. They come through pipes that this process
 * reads, so that an encoder whose parent process was killed ends at its next packet.
 */
export async function encodeTo(
  ffmpeg: string,
  pieces: readonly [StagePieceTo, ...StagePieceTo[]],
  { signal, onProgress, nice = false }: WorkOptions,
): Promise<readonly string[]> {
  const [first, ...others] = pieces;
  const { start, end } = first.task.segment;
  const files = others.map(({ output }, i) => [pipeOfPiece(i + 1), createWriteStream(output)] as const);
  const args = segmentsArgs([argumentsOf(first), ...others.map(argumentsOf)]);
  const encoding = runFfmpeg(ffmpeg, args, {
    ...{ signal, nice, onFrames: onProgress },
    stdout: createWriteStream(first.output),
    ...(files.length > 0 && { bytePipes: Object.fromEntries(files) }),
    writes: first.output,
    keptOfStderr: complaints(),
    blame: 'bug',
    doing: `encoding frames ${start} to ${end}`,
  });
  const { stderrTail } = await writeFailure(encoding, first.output);
  return stderrTail;
}

type StagePieceTo = { readonly task: StageTask; readonly output: string };

const argumentsOf = ({ task, output }: StagePieceTo) => ({
  ...segmentReading(task),
  ...{ spec: task.spec, beside: besidePath(task.spec, output), keyframes: task.segment.keyframes },
});

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
