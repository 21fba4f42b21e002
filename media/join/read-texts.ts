import { readFile, rm, stat } from 'node:fs/promises';
import { type TextOutput, textArgs } from '../../core/encode/text-args.ts';
import { ServiceError } from '../../core/errors.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { formatBytes } from '../../core/format.ts';
import type { TextRead, TextsTask } from '../../core/ports/texts.ts';
import { isTextOfMovie } from '../../core/streams/text-of-movie.ts';
import { inputArguments, timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeWebVttOfMatroska } from './matroska-web-vtt.ts';
import { writeTextMovie } from './text-movie.ts';

/** The subtitles of a long film have a few hundred kilobytes; players read a file of them whole. */
const LARGEST_TEXT_BYTES = 8 * 1024 * 1024;

/** Reads text subtitles as WebVTT, all by one reading of the source; each by itself where one of them fails. */
export async function readTexts(ffmpeg: string, task: TextsTask, signal: AbortSignal): Promise<readonly TextRead[]> {
  const texts = task.streams.map(({ index, codec, webVttBlocks }) => ({
    ...{ stream: index, isWebVtt: codec === 'webvtt', output: `${task.folder}/subtitles-${index}.draft.vtt` },
    ...{ isInBlocks: webVttBlocks === true, isOfMovie: isTextOfMovie({ codec }, task) },
  }));
  try {
    if (await isWritten(ffmpeg, texts, task, signal)) return await Promise.all(texts.map(textOf));
    const found: TextRead[] = [];
    for (const text of texts) {
      const { stream } = text;
      const isThere = await isWritten(ffmpeg, [text], task, signal);
      found.push(isThere ? await textOf(text) : { stream, problem: 'it does not decode' });
    }
    return found;
  } finally {
    for (const { output } of texts) await rm(output, { force: true });
  }
}

async function isWritten(
  ffmpeg: string,
  texts: readonly (TextOutput & { readonly isInBlocks: boolean; readonly isOfMovie: boolean })[],
  { path, access, startSeconds }: TextsTask,
  signal: AbortSignal,
): Promise<boolean> {
  const plain = texts.filter(({ isInBlocks, isOfMovie }) => !isInBlocks && !isOfMovie);
  const running = {
    signal,
    writes: texts[0]?.output ?? '',
    blame: 'bad-input',
    doing: 'reading the subtitles',
  } as const;
  const movies = texts.filter(({ isOfMovie }) => isOfMovie).map((text) => ({ ...text, movie: `${text.output}.mp4` }));
  try {
    for (const { stream, isInBlocks, output } of texts)
      if (isInBlocks) await writeWebVttOfMatroska(ffmpeg, { source: path, access, stream, output }, signal);
    for (const { stream, movie, ...text } of movies) {
      await writeTextMovie(ffmpeg, { path, stream, startSeconds, output: movie }, signal);
      await runFfmpeg(ffmpeg, textArgs(inputArguments(movie, { family: 'mp4' }), [{ ...text, stream: 0 }]), running);
    }
    if (plain.length > 0) {
      const used = plain.map(({ stream }) => stream);
      const args = [...textArgs(timedInputArguments(path, access), plain), ...countedFromStart(access, used)];
      await runFfmpeg(ffmpeg, args, running);
    }
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return false;
    throw error;
  } finally {
    for (const { movie } of movies) await rm(movie, { force: true });
  }
}

async function textOf({ stream, output }: TextOutput): Promise<TextRead> {
  const { size } = await stat(output);
  if (size > LARGEST_TEXT_BYTES)
    return { stream, problem: `it has ${formatBytes(size)} of text; the most is ${formatBytes(LARGEST_TEXT_BYTES)}` };
  return { stream, webVtt: await readFile(output) };
}
