import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { textMovie } from '../../core/bytes/text-movie.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
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

type WordedTexts = {
  readonly plan: StreamPlan;
  readonly source: string;
  readonly output: string;
};

/**
 * Writes texts of another format as an MP4 of texts, each at its time. ffmpeg's own encoder would leave out those without letters, and show
 * one of several at the same time. Throws `bug` where MP4 has no room for one, so that they are left out of the rendition.
 */
export async function writeTextsAsMovie(
  ffmpeg: string,
  { plan, source, output }: WordedTexts,
  signal: AbortSignal,
): Promise<void> {
  const { stream, inside } = plan;
  const words = inside
    ? inside.cues.map(({ text }) => text)
    : await wordsOf(ffmpeg, { source, stream, bytesTo: `${output}.bin` }, signal);
  const styled = stream.codec === 'webvtt' ? styledWebVtt : styledSubRip;
  const times = textsInFile(inside?.times ?? plan.textTimes ?? []);
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

/** Returns the words of each packet of a stream of texts, in their order. One without a byte is none. */
async function wordsOf(
  ffmpeg: string,
  { source, stream, bytesTo }: Pick<WordedTexts, 'source'> & Pick<StreamPlan, 'stream'> & { readonly bytesTo: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const sizes: number[] = [];
  const map = ['-map', `0:${stream.index}`, '-c', 'copy', '-copyinkf', '-f'];
  const known = stream.webVttBlocks ? ['-c:s', 'subrip'] : []; // ffmpeg does not know them
  const outputs = [...map, 'data', `file:${bytesTo}`, ...map, 'framecrc', 'pipe:1'];
  try {
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...known, ...inputArguments(source), ...outputs], {
      ...{ signal, writes: bytesTo, blame: 'bug', doing: `reading the texts of stream ${stream.index}` },
      onStdoutLine: (line) => {
        const [, size] = /^0, *\S+, *\S+, *\d+, *(\d+),/.exec(line) ?? [];
        if (size !== undefined) sizes.push(Number(size));
      },
    });
    const { size: bytes } = await stat(bytesTo);
    if (bytes > LARGEST_BYTES) throw noRoom(`stream ${stream.index} has ${formatBytes(bytes)} of text`);
    const all = await readFile(bytesTo);
    let at = 0;
    return sizes.flatMap((size) => {
      at += size;
      return size > 0 ? [all.toString('utf8', at - size, at)] : [];
    });
  } finally {
    await rm(bytesTo, { force: true });
  }
}
