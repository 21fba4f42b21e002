import { createReadStream } from 'node:fs';
import { realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join as joinPath, relative } from 'node:path';
import { concatScript, joinArgs } from '../../core/encode/join-args.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { opusDelays } from '../../core/encode/opus-delays.ts';
import type { JoinedFile } from '../../core/ports/file-maker.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { isInMatroska } from '../../core/settings/delivery.ts';
import { readNutTimeBase } from '../nut/read-nut-times.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { arrangeFragments } from './arrange-fragments.ts';
import { carryNotes } from './carry-notes.ts';
import { carryTracks } from './carry-tracks.ts';
import { describeMatroska } from './describe-matroska.ts';
import { describeMovie } from './describe-movie.ts';
import { patchDisplayMatrix } from './display-matrix.ts';
import { inputFilesOf, removeInputs, writeInputs } from './join-inputs.ts';

/** Joins pieces and the source's other streams into `plan.output`. Returns the last lines that ffmpeg logged. */
export async function join(
  { path: ffmpeg, ffprobe, version }: { readonly path: string; readonly ffprobe: string; readonly version: string },
  plan: JoinPlan,
  { signal, onProgress }: WorkOptions,
): Promise<JoinedFile> {
  // pieces are named from the script's folder, so that both paths have to be free of links
  const cwd = await realpath(dirname(plan.output));
  const script = joinPath(cwd, `${basename(plan.output)}.ffconcat`);
  const input = timedInputArguments(plan.source, plan.access, plan.sourceOffsetSeconds);
  const joined = plan.fragmentSeconds === undefined ? plan.output : `${plan.output}.fragments`;
  const picture = `${plan.output}.picture.mp4`;
  const files = inputFilesOf(plan);
  try {
    await writeScript(plan, script, cwd);
    await rm(plan.output, { force: true }); // what a first way made, which failed
    const inputs = await writeInputs(ffmpeg, { plan, files, input }, signal);
    const isMarked = isInMatroska(plan.container) && (plan.spherical !== undefined || plan.notes !== undefined);
    const marked = isMarked ? { ...plan, output: picture } : undefined;
    if (marked) await joinMarked(ffmpeg, marked, { script, input, signal, cwd });
    const woven = marked && (await carryNotes({ ffmpeg, ffprobe }, marked, signal));
    const isWithoutDelay = plan.matroska !== undefined && forgetsOpusDelay(version);
    const delays = isWithoutDelay ? opusDelays(plan.streams, plan.mainStream) : new Map<number, number>();
    const more = {
      picture: marked && picture,
      pieceTicks: plan.exactTimes && (await ticksOfPiece(plan.pieces)),
      mayBeEarly: delays.size > 0 && plan.onlyOpusIsEarly,
    };
    const args = joinArgs({ ...plan, output: joined }, script, input, { ...inputs, ...more });
    const running = {
      signal,
      cwd,
      onFrames: onProgress,
      writes: joined,
      blame: 'bug',
      doing: 'joining the segments',
    } as const;
    const { stderrTail } = await runFfmpeg(ffmpeg, args, running);
    const { displayMatrix } = plan.video;
    if (displayMatrix && !isInMatroska(plan.container)) await patchDisplayMatrix(joined, displayMatrix, signal);
    if (joined !== plan.output) {
      await rm(plan.output, { force: true }); // a first attempt may have left it
      await writeFailure(arrangeFragments(joined, plan.output, signal), plan.output);
    }
    const notes = woven ?? (await carryNotes({ ffmpeg, ffprobe }, plan, signal));
    await describeMovie(plan, signal);
    await carryTracks(plan, signal);
    if (plan.matroska) await describeMatroska(ffmpeg, plan, plan.matroska, { delays, signal });
    return { damage: stderrTail, notes };
  } finally {
    await rm(script, { force: true });
    await rm(picture, { force: true });
    if (joined !== plan.output) await rm(joined, { force: true });
    await removeInputs(files);
  }
}

/** Writes the script that names the pieces. It has one line for each path, so folder names, which may contain anything, are left out of it. */
async function writeScript(plan: JoinPlan, script: string, cwd: string): Promise<void> {
  const pieces = await Promise.all(
    plan.pieces.map(async (piece) => ({ ...piece, path: relative(cwd, await realpath(piece.path)) })),
  );
  await writeFailure(writeFile(script, concatScript(pieces)), script);
}

/** ffmpeg before 6.0 writes the delay of Opus into Matroska's header and not into the times of its packets. */
const forgetsOpusDelay = (version: string): boolean => Number(/^n?(\d+)\./.exec(version)?.[1] ?? 6) < 6;

/**
 * Joins the picture alone into an MP4, in which we can mark what ffmpeg's Matroska muxer takes over: that it is a sphere, as its
 * Projection, and what belongs to single pictures, with Dolby Vision's configuration as its BlockAdditionMapping.
 */
async function joinMarked(
  ffmpeg: string,
  plan: JoinPlan,
  {
    script,
    input,
    signal,
    cwd,
  }: {
    readonly script: string;
    readonly input: readonly string[];
    readonly signal: AbortSignal;
    readonly cwd: string;
  },
): Promise<void> {
  const streams = plan.streams.filter(({ stream }) => stream.index === plan.mainStream);
  const alone: JoinPlan = {
    ...plan,
    streams,
    container: 'mp4',
    timecode: undefined,
    reel: undefined,
    metadata: [],
    matroska: undefined,
    opusEnds: new Map(),
  };
  const options = {
    signal,
    cwd,
    writes: plan.output,
    blame: 'bug',
    doing: 'joining the segments of the picture',
  } as const;
  await runFfmpeg(ffmpeg, joinArgs(alone, script, input, { isBetween: true }), options);
  await describeMovie({ ...alone, spherical: plan.spherical && { ...plan.spherical, sa3d: new Map() } }, signal);
}

/** The ticks a second of the first piece, which a join of pieces takes over. */
async function ticksOfPiece([first]: JoinPlan['pieces']): Promise<number | undefined> {
  if (!first) return undefined;
  const { num, den } = await readNutTimeBase(createReadStream(first.path));
  return den / num;
}
