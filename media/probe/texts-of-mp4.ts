import { readFile, stat } from 'node:fs/promises';
import { boxByPath, boxBytes, boxesOf } from '../../core/bytes/boxes.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { editedTexts, type ShownPart } from '../../core/film/edited-texts.ts';
import { formatBytes } from '../../core/format.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';
import { shownPartsOf } from './shown-parts.ts';

/** What is larger than this is no text of a film. */
const LARGEST_BYTES = 64 * 2 ** 20;

type TextTrack = {
  readonly path: string;
  readonly stream: number;
  /** When the film begins by the clock of the movie. */
  readonly startSeconds: number;
};

/** A text, and the SHA-256 of its bytes. */
type TimedText = { readonly from: number; readonly to: number; readonly size: number; readonly sha256: string };

/**
 * Returns when the texts of a track of an MP4 or MOV are shown, those without a letter among them, by its tables and its edit list, in seconds from
 * the film's beginning. ffmpeg shows a text that begins before an edit at the wrong time, and all behind it too; of a text in a fragment it
 * does not tell the end. Throws `bad-input` where the track cannot be read.
 */
export async function timesOfTexts(
  ffmpeg: string,
  track: TextTrack,
  signal: AbortSignal,
): Promise<readonly TimedText[]> {
  return shownTexts(await readTrack(ffmpeg, track, signal), track);
}

/** Reads the texts themselves, too, by the way of the file `bytesTo`, and the box that describes their letters. */
export async function readTextsOfMp4(
  ffmpeg: string,
  track: TextTrack & { readonly bytesTo: string },
  signal: AbortSignal,
) {
  const { stsd, ...read } = await readStoredTexts(ffmpeg, track, signal);
  return { texts: shownTexts(read, track), stsd };
}

/** Reads the texts as they lie in their track, and the parts of it that the edit list shows. */
export async function readStoredTexts(
  ffmpeg: string,
  { bytesTo, ...track }: Omit<TextTrack, 'startSeconds'> & { readonly bytesTo: string },
  signal: AbortSignal,
) {
  const read = await readTrack(ffmpeg, { ...track, bytesTo }, signal);
  const { size } = await stat(bytesTo);
  if (size > LARGEST_BYTES) throw new ServiceError('bad-input', `it has ${formatBytes(size)} of text`);
  const all = await readFile(bytesTo);
  let at = 0;
  const texts = read.texts.map((text) => {
    at += text.size;
    return { ...text, bytes: all.subarray(at - text.size, at) };
  });
  return { ...read, texts };
}

/** Returns the texts that the edit list shows, from the film's beginning. Throws `bad-input` where it repeats too many. */
export function shownTexts<Text extends TimedText>(
  { texts, parts }: { readonly texts: readonly Text[]; readonly parts: readonly ShownPart[] },
  { stream, startSeconds }: Pick<TextTrack, 'stream' | 'startSeconds'>,
): readonly Text[] {
  const shown = editedTexts(texts, parts, startSeconds);
  if (!shown) throw new ServiceError('bad-input', `the edit list of stream ${stream} shows too many texts`);
  return shown;
}

async function readTrack(
  ffmpeg: string,
  track: Omit<TextTrack, 'startSeconds'> & { readonly bytesTo?: string },
  signal: AbortSignal,
) {
  const { path, stream } = track;
  const { parts, trak, timescale, lengths } = await shownPartsOf(path, stream, signal);
  const [whole] = boxesOf(trak, 0, trak.length);
  const stsd = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl', 'stsd');
  if (!stsd) throw new ServiceError('bad-input', `the track of stream ${stream} does not describe its texts`);
  const samples = await readSamples(ffmpeg, track, signal);
  const before = samples.length - lengths.length; // the movie box can hold the first ones
  const texts = samples.map(({ from, lasts, ...text }, i) => {
    const stated = (lengths[i - before] ?? 0) / timescale;
    const next = samples[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    return { ...text, from, to: Math.min(from + (stated > 0 ? stated : lasts), Math.max(from, next)) };
  });
  return { texts, parts, stsd: boxBytes(trak, stsd) };
}

/** ffmpeg gives no packet of a track whose texts it takes for chapters. */
const AS_STORED = ['-ignore_editlist', '1', '-ignore_chapters', '1'];

/** Reads the samples of a track as they lie in it, without its edit list. ffmpeg tells no length of those in fragments. */
async function readSamples(
  ffmpeg: string,
  { path, stream, bytesTo }: Omit<TextTrack, 'startSeconds'> & { readonly bytesTo?: string },
  signal: AbortSignal,
) {
  const found: (Pick<TimedText, 'from' | 'size' | 'sha256'> & { readonly lasts: number })[] = [];
  let tickSeconds = 0.001;
  const map = ['-map', `0:${stream}`, '-c', 'copy', '-copyinkf'];
  const outputs = [...(bytesTo ? [...map, '-f', 'data', `file:${bytesTo}`] : []), ...map, ...HASHES, 'pipe:1'];
  const args = [...ffmpegPreamble(), '-y', '-copyts', ...AS_STORED, ...inputArguments(path), ...outputs];
  await runFfmpeg(ffmpeg, args, {
    ...{
      signal,
      blame: 'bad-input',
      doing: `reading the texts of stream ${stream}`,
      ...(bytesTo && { writes: bytesTo }),
    },
    onStdoutLine: (line) => {
      const [, num, den] = /^#tb 0: (\d+)\/(\d+)/.exec(line) ?? [];
      if (num !== undefined && den !== undefined) tickSeconds = Number(num) / Number(den);
      const [, pts, lasts, size, sha256] = /^0, *\S+, *(-?\d+), *(\d+), *(\d+), *([\da-f]+)/.exec(line) ?? [];
      if (pts === undefined || sha256 === undefined) return;
      found.push({ from: Number(pts) * tickSeconds, lasts: Number(lasts) * tickSeconds, size: Number(size), sha256 });
    },
  });
  return found;
}

const HASHES = ['-f', 'framehash', '-hash', 'sha256'] as const;
