import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fedArgs, segmentArgs } from '../../core/encode/encode-args.ts';
import { ServiceError } from '../../core/errors.ts';
import { complaints } from '../../core/film/complaints.ts';
import type { PieceResult } from '../../core/ports/file-maker.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { framePool, readAhead } from '../nut/frames.ts';
import { readNutFrames } from '../nut/read-nut-frames.ts';
import type { Upscaler } from '../onnx/upscaler.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import type { StageTask } from './encode-by-steps.ts';
import { checkedPiece, type FfmpegPaths, segmentReading } from './encode-segment.ts';
import { segmentNut } from './segment-nut.ts';

const FRAMES_AHEAD = 2;

/** Encodes one segment with decoder, network and encoder running side by side, with a few frames between them and none on the disk. */
export async function enlargeSegment(
  tools: FfmpegPaths,
  task: StageTask,
  { output, upscaler }: { readonly output: string; readonly upscaler: Upscaler },
  { signal, onProgress }: WorkOptions,
): Promise<PieceResult> {
  const { spec, segment } = task;
  const failed = new AbortController();
  const all = AbortSignal.any([signal, failed.signal]);
  const pipe = new PassThrough();
  const pool = framePool();
  const of = `frames ${segment.start} to ${segment.end}`;
  const args = segmentArgs({ ...segmentReading(task), spec });
  const decoding = runFfmpeg(tools.ffmpeg, args, {
    signal: all,
    stdout: pipe,
    keptOfStderr: complaints(),
    blame: 'bad-input',
    doing: `decoding ${of}`,
  });
  const frames = readAhead(readNutFrames(pipe, pool), FRAMES_AHEAD);
  const encoding = runFfmpeg(tools.ffmpeg, fedArgs(spec), {
    signal: all,
    stdin: segmentNut(task, frames, { upscaler, pool }),
    stdout: createWriteStream(output),
    onFrames: onProgress,
    writes: output,
    blame: 'bug',
    doing: `encoding ${of}`,
  });
  const [decoded, encoded] = await bothOrNeither(decoding, writeFailure(encoding, output), () => failed.abort());
  return checkedPiece(task, { output, damage: [...decoded.stderrTail, ...encoded.stderrTail] }, signal);
}

/** Waits for both. If one fails, the other is ended and then the first failure is thrown, not the one that it caused. */
async function bothOrNeither<A, B>(one: Promise<A>, other: Promise<B>, end: () => void): Promise<[A, B]> {
  const causes: unknown[] = [];
  const watched = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      causes.push(error);
      end();
      throw error;
    });
  const [first, second] = await Promise.allSettled([watched(one), watched(other)]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  throw causes.find((error) => !(error instanceof ServiceError && error.code === 'interrupted')) ?? causes[0];
}
