import { readFile, rm, writeFile } from 'node:fs/promises';
import { type DecodedInput, decodedOf } from '../../core/encode/decoded-input.ts';
import { blocksOf, type JoinInputs, textsOf } from '../../core/encode/join-args.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { textMoviesOf } from '../../core/encode/text-movies.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { firstChapters, retimeChapters, titledChapters, withoutUntitled } from '../../core/filters/retiming.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { decodeSound } from './decode-sound.ts';
import { writeWebVttOfMatroska } from './matroska-web-vtt.ts';
import { writeTextMovie } from './text-movie.ts';

/** Files that a join reads besides its pieces and its source: they are written before it, and removed after it. */
type InputFiles = {
  /** Chapters, where the source's own do not fit. */
  readonly chapters: string | undefined;
  readonly texts: readonly { readonly path: string; readonly srt: string }[];
  /** WebVTT of Matroska, and sounds that are decoded first, by their streams. */
  readonly blocks: ReadonlyMap<number, string>;
  readonly sounds: ReadonlyMap<number, string>;
  /** Texts of an MP4 or MOV that become another codec, by their streams. */
  readonly movies: ReadonlyMap<number, string>;
};

/** Returns the paths of the files that a join needs. */
export function inputFilesOf(plan: JoinPlan): InputFiles {
  const { output, timeFactor, hasUntitledChapters, hasMarkedMoments, chaptersRead } = plan;
  const isRewritten =
    timeFactor || hasUntitledChapters || hasMarkedMoments || chaptersRead !== undefined || plan.chapters !== undefined;
  const inBlocks = plan.container === 'mkv' ? [] : blocksOf(plan);
  const named = (plans: readonly StreamPlan[], extension: string) =>
    new Map(plans.map(({ stream: { index } }) => [index, `${output}.${index}.${extension}`] as const));
  return {
    chapters: isRewritten ? `${output}.chapters` : undefined,
    texts: textsOf(plan).map(({ inside }, i) => ({ path: `${output}.${i}.srt`, srt: inside?.srt ?? '' })),
    blocks: named(inBlocks, 'vtt'),
    sounds: named(decodedOf(plan), 'pcm'),
    movies: new Map(textMoviesOf(plan).map((stream) => [stream, `${output}.${stream}.texts.mp4`])),
  };
}

/** Writes the files, and returns what ffmpeg is told of them. `input` has its arguments for the source. Throws `bad-input` and `bug`. */
export async function writeInputs(
  ffmpeg: string,
  { plan, files, input }: { readonly plan: JoinPlan; readonly files: InputFiles; readonly input: readonly string[] },
  signal: AbortSignal,
): Promise<Pick<JoinInputs, 'chapters' | 'texts' | 'blocks' | 'decoded' | 'movies'>> {
  const { chapters, texts, blocks, sounds } = files;
  const { source, access } = plan;
  const movies = await writeTextMovies(ffmpeg, { plan, files }, signal);
  for (const { path, srt } of texts) await writeFailure(writeFile(path, srt), path);
  if (chapters && plan.chapters !== undefined) await writeFailure(writeFile(chapters, plan.chapters), chapters);
  else if (chapters) await writeChapters(ffmpeg, { input, plan, path: chapters }, signal);
  for (const [stream, output] of blocks)
    await writeWebVttOfMatroska(ffmpeg, { source, access, stream, isPlain: true, output }, signal);
  const decoded: DecodedInput[] = [];
  for (const each of decodedOf(plan)) {
    const output = sounds.get(each.stream.index);
    if (output) decoded.push(await decodeSound(ffmpeg, { source, access, plan: each, output }, signal));
  }
  return { chapters, texts: texts.map(({ path }) => path), blocks: [...blocks.values()], decoded, movies };
}

/** Writes the texts of an MP4 or MOV as it shows them. ffmpeg reads those whose tables we cannot read, and their check finds what is wrong with them. */
async function writeTextMovies(
  ffmpeg: string,
  { plan, files }: { readonly plan: JoinPlan; readonly files: InputFiles },
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const written = new Map<number, string>();
  for (const [stream, output] of files.movies) {
    const track = { path: plan.source, stream, startSeconds: plan.sourceStartSeconds, output };
    try {
      await writeTextMovie(ffmpeg, track, signal);
      written.set(stream, output);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    }
  }
  return written;
}

/** Removes the files that were written for a join. */
export async function removeInputs({ chapters, texts, ...byStream }: InputFiles): Promise<void> {
  const { blocks, sounds, movies } = byStream;
  if (chapters) await rm(chapters, { force: true });
  for (const path of [...texts.map((text) => text.path), ...blocks.values(), ...sounds.values(), ...movies.values()])
    await rm(path, { force: true });
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
