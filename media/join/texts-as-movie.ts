import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { textMovie } from '../../core/bytes/text-movie.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Access } from '../../core/film/access.ts';
import { formatBytes } from '../../core/format.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { shownTogether, textsInFile } from '../../core/streams/text-times.ts';
import { type StyledText, styledSubRip, styledWebVtt } from '../../core/subtitles/styled-text.ts';
import { TIMED_TEXT, timedText } from '../../core/subtitles/timed-text.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';

/** What is larger than this is no text of a film. */
const LARGEST_BYTES = 64 * 2 ** 20;

/**
 * Writes texts of another format as an MP4 of texts, each at its time. ffmpeg's own encoder would leave out those without letters, and show
 * one of several at the same time. Throws `bug` where MP4 has no room for one, so that they are left out of the rendition.
 */
export async function writeTextsAsMovie(
  { stream, inside, textTimes }: StreamPlan,
  words: readonly string[],
  output: string,
): Promise<void> {
  const styled = stream.codec === 'webvtt' ? styledWebVtt : styledSubRip;
  const times = textsInFile(inside?.times ?? textTimes ?? []);
  if (times.length !== words.length)
    throw noRoom(`stream ${stream.index} has ${words.length} texts, of which ${times.length} have times`);
  const shown = shownTogether(times.map((time, i) => ({ ...time, text: styled(words[i] ?? '') }))) ?? [];
  const samples = shown.map(({ begins, ends, texts }) => ({
    ...{ from: begins, to: ends },
    bytes: sampleOf(texts.map(({ text }) => text)),
  }));
  const movie = textMovie(TIMED_TEXT, samples);
  if (!movie) throw noRoom(`the texts of stream ${stream.index} last for days`);
  await writeFailure(writeFile(output, movie), output);
}

function sampleOf(texts: readonly StyledText[]): Buffer {
  const sample = timedText(texts);
  if (!sample) throw noRoom('MP4 has no room for a text of more than 65,535 bytes');
  return sample;
}

/** What cannot be written takes the way of a film that cannot be joined: its texts lie beside it alone. */
const noRoom = (sentence: string) => new ServiceError('bug', sentence);

type WordsTask = {
  readonly source: string;
  readonly access: Access;
  readonly plans: readonly StreamPlan[];
  /** How the names of files on the way begin. */
  readonly output: string;
};

/** Returns the words of texts by their streams, those inside the source by one reading of it: each packet that has a byte is one. */
export async function wordsOfTexts(
  ffmpeg: string,
  { source, access, plans, output }: WordsTask,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const words = new Map<number, readonly string[]>();
  for (const { stream, inside } of plans)
    if (inside)
      words.set(
        stream.index,
        inside.cues.map(({ text }) => text),
      );
  const read = plans
    .filter(({ inside }) => !inside)
    .map(({ stream }) => {
      const name = `${output}.${stream.index}`;
      return { stream, bytes: `${name}.words`, sizes: `${name}.sizes` };
    });
  const [first] = read;
  if (!first) return words;
  const known = read.flatMap(({ stream }) => (stream.webVttBlocks ? [`-c:${stream.index}`, 'subrip'] : [])); // ffmpeg does not know them
  const outputs = read.flatMap(({ stream, bytes, sizes }) => {
    const copy = ['-map', `0:${stream.index}`, '-c', 'copy', '-copyinkf', '-f'];
    return [...copy, 'data', `file:${bytes}`, ...copy, 'framecrc', `file:${sizes}`];
  });
  try {
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...known, ...inputArguments(source, { access }), ...outputs], {
      ...{ signal, writes: first.bytes, blame: 'bug', doing: 'reading the texts' },
    });
    for (const { stream, bytes, sizes } of read) words.set(stream.index, await packetsIn(bytes, sizes));
    return words;
  } finally {
    for (const { bytes, sizes } of read) for (const file of [bytes, sizes]) await rm(file, { force: true });
  }
}

async function packetsIn(bytes: string, sizes: string): Promise<readonly string[]> {
  const { size: length } = await stat(bytes);
  if (length > LARGEST_BYTES) throw noRoom(`a stream has ${formatBytes(length)} of text`);
  const all = await readFile(bytes);
  let at = 0;
  return [...(await readFile(sizes, 'utf8')).matchAll(/^0, *\S+, *\S+, *\d+, *(\d+),/gm)].flatMap(([, size]) => {
    at += Number(size);
    return Number(size) > 0 ? [all.toString('utf8', at - Number(size), at)] : [];
  });
}
