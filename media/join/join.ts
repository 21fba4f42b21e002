import { createReadStream } from 'node:fs';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join as joinPath, relative } from 'node:path';
import { withOpusEnds } from '../../core/bytes/opus-end.ts';
import { withChapterStart } from '../../core/description/chapter-start.ts';
import { withHeaders } from '../../core/description/movie-headers.ts';
import { withExtendedLanguages } from '../../core/description/movie-languages.ts';
import { withMetadata } from '../../core/description/movie-metadata.ts';
import { withReelName } from '../../core/description/reel-name.ts';
import { type DecodedInput, decodedOf } from '../../core/encode/decoded-input.ts';
import { blocksOf, concatScript, joinArgs, textsOf } from '../../core/encode/join-args.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { opusDelays } from '../../core/encode/opus-delays.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { withPictureBox } from '../../core/film/shown-part.ts';
import { withSpherical } from '../../core/film/spherical.ts';
import { firstChapters, retimeChapters, titledChapters, withoutUntitled } from '../../core/filters/retiming.ts';
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
import { decodeSound } from './decode-sound.ts';
import { describeMatroska } from './describe-matroska.ts';
import { patchDisplayMatrix } from './display-matrix.ts';
import { editMovie } from './edit-movie.ts';
import { writeWebVttOfMatroska } from './matroska-web-vtt.ts';

/** Joins pieces and the source's other streams into `plan.output`. Returns the last lines that ffmpeg logged. */
export async function join(
  { path: ffmpeg, version }: { readonly path: string; readonly version: string },
  plan: JoinPlan,
  { signal, onProgress }: WorkOptions,
): Promise<JoinedFile> {
  // pieces are named from the script's folder, so that both paths have to be free of links
  const cwd = await realpath(dirname(plan.output));
  const script = joinPath(cwd, `${basename(plan.output)}.ffconcat`);
  const input = timedInputArguments(plan.source, plan.access, plan.sourceOffsetSeconds);
  // the script has one line for each path, so folder names, which may contain anything, are left out of it
  const pieces = await Promise.all(
    plan.pieces.map(async (piece) => ({ ...piece, path: relative(cwd, await realpath(piece.path)) })),
  );
  await writeFailure(writeFile(script, concatScript(pieces)), script);
  const isRewritten =
    plan.timeFactor ||
    plan.hasUntitledChapters ||
    plan.hasMarkedMoments ||
    plan.chaptersRead !== undefined ||
    plan.chapters !== undefined;
  const chapters = isRewritten ? `${plan.output}.chapters` : undefined;
  const joined = plan.fragmentSeconds === undefined ? plan.output : `${plan.output}.fragments`;
  const texts = textsOf(plan).map(({ inside }, i) => ({ path: `${plan.output}.${i}.srt`, srt: inside?.srt ?? '' }));
  const inBlocks = plan.container === 'mkv' ? [] : blocksOf(plan);
  const blocks = new Map(inBlocks.map(({ stream: { index } }) => [index, `${plan.output}.${index}.vtt`] as const));
  const sounds = new Map(
    decodedOf(plan).map(({ stream: { index } }) => [index, `${plan.output}.${index}.pcm`] as const),
  );
  try {
    await rm(plan.output, { force: true }); // what a first way made, which failed
    for (const { path, srt } of texts) await writeFailure(writeFile(path, srt), path);
    if (chapters && plan.chapters !== undefined) await writeFailure(writeFile(chapters, plan.chapters), chapters);
    else if (chapters) await writeChapters(ffmpeg, { input, plan, path: chapters }, signal);
    const isMarked = isInMatroska(plan.container) && (plan.spherical !== undefined || plan.notes !== undefined);
    const picture = isMarked ? `${plan.output}.picture.mp4` : undefined;
    const marked = picture === undefined ? undefined : { ...plan, output: picture };
    if (marked) await joinMarked(ffmpeg, marked, { script, input, signal, cwd });
    const woven = marked && (await carryNotes(ffmpeg, marked, signal));
    const pieceTicks = plan.exactTimes && (await ticksOfPiece(plan.pieces));
    const isWithoutDelay = plan.matroska !== undefined && forgetsOpusDelay(version);
    const delays = isWithoutDelay ? opusDelays(plan.streams, plan.mainStream) : new Map<number, number>();
    const mayBeEarly = delays.size > 0 && plan.onlyOpusIsEarly;
    for (const [stream, output] of blocks)
      await writeWebVttOfMatroska(
        ffmpeg,
        { source: plan.source, access: plan.access, stream, isPlain: true, output },
        signal,
      );
    const decoded: DecodedInput[] = [];
    for (const each of decodedOf(plan)) {
      const { source, access } = plan;
      const output = sounds.get(each.stream.index);
      if (output) decoded.push(await decodeSound(ffmpeg, { source, access, plan: each, output }, signal));
    }
    const extra = {
      ...{ chapters, texts: texts.map(({ path }) => path), blocks: [...blocks.values()], decoded },
      ...{ picture, pieceTicks, mayBeEarly },
    };
    const { stderrTail } = await runFfmpeg(ffmpeg, joinArgs({ ...plan, output: joined }, script, input, extra), {
      signal,
      cwd,
      onFrames: onProgress,
      writes: joined,
      blame: 'bug',
      doing: 'joining the segments',
    });
    const { displayMatrix } = plan.video;
    if (displayMatrix && !isInMatroska(plan.container)) await patchDisplayMatrix(joined, displayMatrix, signal);
    if (joined !== plan.output) {
      await rm(plan.output, { force: true }); // a first attempt may have left it
      await writeFailure(arrangeFragments(joined, plan.output, signal), plan.output);
    }
    const notes = woven ?? (await carryNotes(ffmpeg, plan, signal));
    await describe(plan, signal);
    await carryTracks(plan, signal);
    if (plan.matroska) await describeMatroska(ffmpeg, plan, plan.matroska, { delays, signal });
    return { damage: stderrTail, notes };
  } finally {
    await rm(script, { force: true });
    await rm(`${plan.output}.picture.mp4`, { force: true });
    if (joined !== plan.output) await rm(joined, { force: true });
    if (chapters) await rm(chapters, { force: true });
    for (const path of [...texts.map((text) => text.path), ...blocks.values(), ...sounds.values()])
      await rm(path, { force: true });
  }
}

/** ffmpeg before 6.0 writes the delay of Opus into Matroska's header and not into the times of its packets. */
const forgetsOpusDelay = (version: string): boolean => Number(/^n?(\d+)\./.exec(version)?.[1] ?? 6) < 6;

/** Writes into an MP4 or MOV what ffmpeg cannot: the marks of a sphere, languages with regions, and the boxes by which the source describes the film. */
async function describe(
  {
    container,
    output,
    spherical,
    metadata = [],
    languages = new Map(),
    headers = new Map(),
    clap,
    fiel,
    light = [],
    reel,
    opusEnds = new Map(),
    hasChapters = false,
  }: JoinPlan,
  signal: AbortSignal,
): Promise<void> {
  const isMarked = hasChapters || light.length > 0 || [spherical, clap, fiel, reel].some((mark) => mark !== undefined);
  const isAsItIs = !isMarked && metadata.length + languages.size + headers.size + opusEnds.size === 0;
  if (isInMatroska(container) || isAsItIs) return;
  const edit = (moov: Buffer) => {
    const ended = opusEnds.size > 0 ? withOpusEnds(moov, opusEnds) : moov;
    const marked = spherical ? withSpherical(ended, spherical) : ended;
    const pictured = [clap, fiel, ...light].reduce(
      (all: Buffer, box) => (box ? withPictureBox(all, box) : all),
      marked,
    );
    const described = withMetadata(pictured, metadata);
    const named = reel === undefined ? described : withReelName(described, reel);
    const started = hasChapters ? withChapterStart(named) : named;
    return withHeaders(withExtendedLanguages(started, languages), headers);
  };
  const appended = metadata.flatMap(({ place, bytes }) => (place === 'file' && bytes ? [bytes] : []));
  await editMovie(output, edit, { appended, keepsTables: true, signal });
}

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
  await describe({ ...alone, spherical: plan.spherical && { ...plan.spherical, sa3d: new Map() } }, signal);
}

async function writeChapters(
  ffmpeg: string,
  {
    input,
    plan: { timeFactor, hasMarkedMoments, chaptersRead },
    path,
  }: { readonly input: readonly string[]; readonly plan: JoinPlan; readonly path: string },
  signal: AbortSignal,
): Promise<void> {
  const args = [...ffmpegPreamble(), '-y', ...input, '-f', 'ffmetadata', `file:${path}`];
  await runFfmpeg(ffmpeg, args, { signal, writes: path, blame: 'bad-input', doing: 'reading the chapters' });
  const read = await readFile(path, 'utf8');
  const all = hasMarkedMoments ? withoutUntitled(read) : titledChapters(read);
  const titled = chaptersRead === undefined ? all : firstChapters(all, chaptersRead);
  await writeFailure(writeFile(path, timeFactor ? retimeChapters(titled, timeFactor) : titled), path);
}

/** The ticks a second of the first piece, which a join of pieces takes over. */
async function ticksOfPiece([first]: JoinPlan['pieces']): Promise<number | undefined> {
  if (!first) return undefined;
  const { num, den } = await readNutTimeBase(createReadStream(first.path));
  return den / num;
}
