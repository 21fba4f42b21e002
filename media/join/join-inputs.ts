import { readFile, rm, writeFile } from 'node:fs/promises';
import { type DecodedInput, decodedOf } from '../../core/encode/decoded-input.ts';
import { blocksOf, type JoinInputs, textsOf } from '../../core/encode/join-args.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { textMoviesOf } from '../../core/encode/text-movies.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { firstChapters, retimeChapters, titledChapters, withoutUntitled } from '../../core/filters/retiming.ts';
import type { Container } from '../../core/settings/delivery.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { srt } from '../../core/subtitles/srt.ts';
import { webVtt } from '../../core/subtitles/web-vtt.ts';
import { matroskaOfWebVtt } from '../../core/subtitles/web-vtt-blocks.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { decodeSound } from './decode-sound.ts';
import { writeWebVttOfMatroska } from './matroska-web-vtt.ts';
import { writeTextMovie } from './text-movie.ts';
import { wordsOfTexts, writeTextsAsMovie } from './texts-as-movie.ts';

/** Files that a join reads besides its pieces and its source: they are written before it, and removed after it. */
type InputFiles = {
  /** Chapters, where the source's own do not fit. */
  readonly chapters: string | undefined;
  readonly texts: readonly { readonly path: string; readonly format: string; readonly content: string | Buffer }[];
  /** WebVTT of Matroska, and sounds that are decoded first, by their streams. */
  readonly blocks: ReadonlyMap<number, string>;
  readonly sounds: ReadonlyMap<number, string>;
  /** MP4s of texts, by their streams. */
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
    texts: textsOf(plan).map((each, i) => ({ path: `${output}.${i}.text`, ...textFile(each, plan.container) })),
    blocks: named(inBlocks, 'vtt'),
    sounds: named(decodedOf(plan), 'pcm'),
    movies: named(textMoviesOf(plan), 'texts.mp4'),
  };
}

/** The file of a subtitle from beside the source. WebM's texts have no styles, behind which ffmpeg would read nothing. */
function textFile(
  { inside }: StreamPlan,
  container: Container,
): { readonly format: string; readonly content: string | Buffer } {
  const { cues = [], webVttHead } = inside ?? {};
  if (webVttHead !== undefined) return { format: 'matroska', content: matroskaOfWebVtt(webVttHead, cues) };
  if (container === 'webm') return { format: 'webvtt', content: webVtt(cues, { isPlain: true }) };
  return { format: 'srt', content: srt(cues) };
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
  for (const { path, content } of texts) await writeFailure(writeFile(path, content), path);
  if (chapters && plan.chapters !== undefined) await writeFailure(writeFile(chapters, plan.chapters), chapters);
  else if (chapters) await writeChapters(ffmpeg, { input, plan, path: chapters }, signal);
  for (const [stream, output] of blocks)
    await writeWebVttOfMatroska(ffmpeg, { source, access, stream, isPlain: true, output }, signal);
  const decoded: DecodedInput[] = [];
  for (const each of decodedOf(plan)) {
    const output = sounds.get(each.stream.index);
    if (output) decoded.push(await decodeSound(ffmpeg, { source, access, plan: each, output }, signal));
  }
  return { chapters, texts, blocks: [...blocks.values()], decoded, movies };
}

/** Writes the texts at their times in the source, which are those of every rendition that has texts. ffmpeg reads those of an MP4 whose tables we cannot read, and their check finds what is wrong with them. */
async function writeTextMovies(
  ffmpeg: string,
  { plan, files }: { readonly plan: JoinPlan; readonly files: InputFiles },
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const written = new Map<number, string>();
  const all = textMoviesOf(plan);
  const worded = all.filter((each) => each.inside || each.stream.codec !== 'mov_text');
  const { source, access, output: rendition } = plan;
  const words = await wordsOfTexts(ffmpeg, { source, access, plans: worded, output: rendition }, signal);
  for (const each of all) {
    const { index } = each.stream;
    const output = files.movies.get(index);
    if (output === undefined) continue;
    const found = words.get(index);
    try {
      const track = { path: source, stream: index, startSeconds: plan.sourceStartSeconds, output };
      if (found) await writeTextsAsMovie(each, found, output);
      else await writeTextMovie(ffmpeg, track, signal);
      written.set(index, output);
    } catch (error) {
      if (found || !(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
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
