import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { contextOf } from '../../core/encode/context.ts';
import { fedArgs, feedArgs } from '../../core/encode/encode-args.ts';
import { complaints } from '../../core/film/complaints.ts';
import type { PieceSink, PieceTask } from '../../core/ports/file-maker.ts';
import { framePool, framesByNumber, readAhead } from '../nut/frames.ts';
import { type NutFrame, readNutFrames } from '../nut/read-nut-frames.ts';
import type { Upscaler } from '../onnx/upscaler.ts';
import { pictureInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { checkedPiece, type FfmpegPaths } from './encode-segment.ts';
import { besidePath } from './pack-beside.ts';
import { type FrameEnlarger, segmentNut } from './segment-nut.ts';

const FRAMES_AHEAD = 3;
const MOST_LINES = 50;
const LONGEST_LINE = 1000;

/**
 * Decodes the source once from its start and feeds one encoder after the other, for files that can only be read from their
 * start and for GOPs of ten minutes. While one encoder finishes, the next has begun. What the decoder says of the source goes
 * with the piece that is made meanwhile: as it reads a few frames ahead, that may be the piece before.
 */
export async function feedSegments(
  tools: FfmpegPaths,
  tasks: readonly PieceTask[],
  { upscaler, ...sink }: PieceSink & { readonly upscaler?: Upscaler },
  signal: AbortSignal,
): Promise<void> {
  const [first] = tasks;
  if (!first) return;
  const enough = new AbortController();
  const failed = new AbortController();
  const all = AbortSignal.any([signal, failed.signal]);
  const pipe = new PassThrough();
  const said: string[] = [];
  const decoding = runFfmpeg(
    tools.feeder,
    feedArgs(pictureInput(first.source), first.source.stream, first.spec, first.begins),
    {
      signal: AbortSignal.any([all, enough.signal]),
      stdout: pipe,
      keptOfStderr: complaints(),
      onStderrLine: (line) => {
        if (first.begins) return; // what is said of a stretch is about its two ends, which are no part of a segment
        if (said.length < MOST_LINES) said.push(line.slice(0, LONGEST_LINE));
      },
      blame: 'bad-input',
      doing: 'decoding the source',
    },
  ).catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
  try {
    const enlarger = upscaler && { upscaler, pool: framePool() };
    const decoded = readAhead(readNutFrames(pipe, enlarger?.pool), FRAMES_AHEAD);
    const frames = framesByNumber(decoded, 2 * contextOf(first.spec), first.begins?.picture);
    const feeding = feedAll(tools, tasks, {
      ...sink,
      frames,
      enlarger,
      signal: all,
      takeSaid: () => said.splice(0),
    }).finally(() => enough.abort());
    await Promise.all([decoding, feeding]);
  } catch (error) {
    failed.abort();
    throw error;
  }
}

type FrameFeed = PieceSink & {
  readonly frames: (from: number, to: number) => AsyncGenerator<NutFrame>;
  readonly enlarger: FrameEnlarger | undefined;
  /** Returns what the decoder has said since the last call. */
  takeSaid(): readonly string[];
  readonly signal: AbortSignal;
};

async function feedAll(tools: FfmpegPaths, tasks: readonly PieceTask[], feed: FrameFeed): Promise<void> {
  let finishing: Promise<void> = Promise.resolve();
  for (const task of tasks) {
    const { segment, window } = task;
    const from = segment.start - (window.within?.before ?? 0);
    const wanted = feed.frames(from, window.frames === undefined ? Number.MAX_SAFE_INTEGER : from + window.frames);
    const { consumed, piece } = encodeFed(tools, task, wanted, feed);
    const before = finishing;
    finishing = Promise.all([before, piece.then((result) => feed.onPiece(task, result))]).then(() => {});
    finishing.catch(() => {}); // awaited below; it may fail while the next one is being fed
    await Promise.race([consumed, finishing]);
    await before;
  }
  await finishing;
}

function encodeFed(tools: FfmpegPaths, task: PieceTask, frames: AsyncIterable<NutFrame>, feed: FrameFeed) {
  const output = feed.outputOf(task);
  let done = () => {};
  const consumed = new Promise<void>((resolve) => {
    done = resolve;
  });
  async function* stdin() {
    try {
      yield* segmentNut(task, frames, feed.enlarger);
    } finally {
      done();
    }
  }
  const { spec, segment } = task;
  const fed = fedArgs(spec, { keyframes: segment.keyframes, beside: besidePath(spec, output) });
  const encoding = runFfmpeg(tools.ffmpeg, fed, {
    signal: feed.signal,
    stdin: stdin(),
    stdout: createWriteStream(output),
    onFrames: (frames) => feed.onFrames(task, frames),
    writes: output,
    blame: 'bug',
    doing: `encoding frames ${task.segment.start} to ${task.segment.end}`,
  });
  const piece = writeFailure(encoding, output).then(({ stderrTail }) =>
    checkedPiece(task, { output, damage: [...feed.takeSaid(), ...stderrTail] }, feed.signal),
  );
  return { consumed, piece };
}
