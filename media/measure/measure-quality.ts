import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import { bitDepth } from '../../core/film/pixel-format.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { type Closeness, closenessIn, meanCloseness } from '../../core/quality/closeness.ts';
import {
  type CompareLog,
  type CompareTask,
  compareArgs,
  framesScored,
  logFileName,
  logsOf,
  PAIRS_PIPE,
  type Pass,
  type WholePass,
} from '../../core/quality/compare-args.ts';
import { framesIn, framesTaken, type SampleWindow } from '../../core/quality/sample.ts';
import { errorsIn, scoresIn } from '../../core/quality/score-logs.ts';
import type { FrameScore } from '../../core/quality/score-summary.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { withOwnFolder } from '../process/own-folder.ts';
import type { ProcessOptions } from '../process/run-process.ts';

export type MeasuredQuality = {
  readonly scores: readonly FrameScore[];
  /** Undefined if no three neighbouring frames were compared. */
  readonly closeness: Closeness | undefined;
};

/**
 * Scores the frames of a rendition against those of its source, frame k against frame k whatever their timestamps, with
 * an ffmpeg that has the filter of the metric. Throws `not-exact` if either file has fewer frames than the windows
 * need.
 */
export async function measureQuality(
  ffmpeg: string,
  task: CompareTask,
  passes: readonly Pass[],
  { signal, onProgress, share }: WorkOptions & { readonly share?: ShareFrames },
): Promise<MeasuredQuality> {
  const scores: FrameScore[] = [];
  const closeness: Closeness[] = [];
  for (const [i, pass] of passes.entries()) {
    const before = scores.length;
    const onFrames = (frames: number) => onProgress(before + Math.min(frames, framesIn(pass.windows)));
    const given = { signal, onProgress: onFrames };
    const run: RunPass = (own, its) => measurePass(ffmpeg, own, its, given);
    const found: FoundInPass = await (share ? share({ pass, number: i }, run) : run(task, pass));
    scores.push(...found.scores);
    closeness.push(...found.closeness);
    onProgress(scores.length);
  }
  return { scores, closeness: meanCloseness(closeness) };
}

/** What was found in a pass over whole files besides its quality. */
export type MeasuredWhole = MeasuredQuality & {
  /** How many frames the distorted file has. */
  readonly frames: number;
  /** What ffmpeg complained of, in either file. */
  readonly complaints: readonly string[];
  readonly pictures: Uint8Array;
  readonly pairs: Uint8Array;
};

/**
 * Scores the frames of a pass over whole files, and decodes the rendition to its end besides. Throws `not-exact` at the first error
 * of either file.
 */
export async function measureWhole(
  ffmpeg: string,
  task: CompareTask,
  pass: Pass,
  { whole, signal, onProgress, share }: WorkOptions & MeasuresWhole,
): Promise<MeasuredWhole> {
  let frames = 0;
  const [pictures, pairs] = [collectBytes(), collectBytes()];
  const onFrames = (count: number) => {
    frames = count;
    onProgress(count);
  };
  const pipes = {
    ...(whole.pictures && { stdout: pictures.stream }),
    ...(whole.pictures?.pairs && { bytePipes: { [PAIRS_PIPE]: pairs.stream } }),
  };
  const given = { signal, onProgress: onFrames, whole, pipes };
  const run: RunPass = (own, its) => measurePass(ffmpeg, own, its, given);
  const needsSource = whole.pictures?.pairs !== undefined;
  const found = share && !needsSource ? share({ pass, number: 0, isOnce: true }, run) : run(task, pass);
  const { scores, closeness, complaints }: FoundInPass = await found;
  return {
    scores,
    closeness: meanCloseness(closeness),
    frames,
    complaints,
    pictures: pictures.bytes(),
    pairs: pairs.bytes(),
  };
}

type MeasuresWhole = { readonly whole: WholePass; readonly share?: ShareFrames };

type FoundInPass = {
  readonly complaints: readonly string[];
  readonly scores: readonly FrameScore[];
  readonly closeness: readonly Closeness[];
};

/**
 * Runs a pass as it is, or by frames of the source that another rendition's pass kept, or so that it keeps such frames. A pass that
 * fails while it keeps them is run again without, unless it is to be run but once.
 */
export type ShareFrames = (
  asked: { readonly pass: Pass; readonly number: number; readonly isOnce?: true },
  run: RunPass,
) => Promise<FoundInPass>;

type RunPass = (task: CompareTask, pass: Pass) => Promise<FoundInPass>;

type PassOptions = WorkOptions & {
  readonly whole?: WholePass;
  readonly pipes?: Pick<ProcessOptions, 'stdout' | 'bytePipes'>;
};

async function measurePass(
  ffmpeg: string,
  task: CompareTask,
  pass: Pass,
  { signal, onProgress, whole, pipes }: PassOptions,
) {
  return withOwnFolder('reelmill-quality-', async (folder) => {
    const read = async (log: CompareLog) =>
      logsOf(pass, task).includes(log) ? readFile(join(folder, logFileName(log)), 'utf8') : '';
    const errors = async (log: CompareLog) => errorsIn(await read(log), bitDepth(task.pixelFormat));
    const { piped } = task.reference;
    const { stderrTail } = await runFfmpeg(ffmpeg, compareArgs(task, pass, whole), {
      signal,
      ...(piped && { stdin: outputOf(piped.program ?? ffmpeg, piped.packets, signal) }),
      ...pipes,
      cwd: folder,
      onFrames: onProgress,
      blame: 'not-exact',
      doing: `measuring the quality of frames ${namesOf(pass.windows)}`,
    });
    const taken = framesTaken(pass.windows);
    const same = await errors('same');
    if (!task.scoresAlone) refuseFewer(pass.windows, { found: same.length, wanted: taken.length });
    const scored = countedScores(pass.windows, framesScored(taken, task), scoresIn(await read('scores'), task.metric));
    const logs = {
      same,
      levels: await errors('levels'),
      earlier: await errors('earlier'),
      later: await errors('later'),
      motion: await errors('motion'),
    };
    return {
      complaints: stderrTail,
      scores: scored.filter(({ frame }) => !task.unsteady?.has(frame)),
      closeness: closenessIn(taken, logs, task.unsteady),
    };
  });
}

type Pairs = { readonly found: number; readonly wanted: number };

function refuseFewer(windows: readonly SampleWindow[], { found, wanted }: Pairs): void {
  if (found === wanted) return;
  const what = `only ${found} of ${wanted} pairs of frames could be compared`;
  // a decoder gives fewer frames than there are packets where it gives none for a while, as behind a damaged keyframe
  throw new ServiceError('not-exact', `measuring the quality of frames ${namesOf(windows)}: ${what}`, { recut: true });
}

/** Returns the scores without those of the windows' leads. */
function countedScores(windows: readonly SampleWindow[], scored: readonly number[], scores: readonly number[]) {
  refuseFewer(windows, { found: scores.length, wanted: scored.length });
  const counted = new Set(windows.flatMap((window) => framesTaken([{ ...window, lead: 0 }])));
  return scored.flatMap((frame, i): FrameScore[] => {
    const score = scores[i];
    return counted.has(frame) && score !== undefined ? [{ frame, score }] : [];
  });
}

const namesOf = (windows: readonly SampleWindow[]) =>
  windows.map(({ startFrame, frames }) => `${startFrame}-${startFrame + frames - 1}`).join(', ');

/** The bytes that an ffmpeg writes to its stdout. It ends when its reader has had enough. */
async function* outputOf(ffmpeg: string, args: readonly string[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const enough = new AbortController();
  const stdout = new PassThrough();
  const writing = runFfmpeg(ffmpeg, args, {
    signal: AbortSignal.any([signal, enough.signal]),
    stdout,
    blame: 'bad-input',
    doing: 'reading the source to be measured',
  });
  writing.catch(() => {}); // a failure also destroys its stdout, and is met there
  try {
    yield* stdout;
  } finally {
    enough.abort();
    await writing.catch(() => {});
  }
}
