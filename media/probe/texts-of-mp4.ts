import { readFile, stat } from 'node:fs/promises';
import { boxByPath, boxBytes, boxesOf } from '../../core/bytes/boxes.ts';
import { scaleIn, trackNumber } from '../../core/bytes/carried-track.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { editedTexts, type ShownPart } from '../../core/film/edited-texts.ts';
import { formatBytes } from '../../core/format.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { lengthsInFragments } from '../structure/fragment-lengths.ts';
import { readSourceTracks } from '../structure/mp4-source-tracks.ts';
import { inputArguments } from './input-arguments.ts';

/** What is larger than this is no text of a film. */
const LARGEST_BYTES = 64 * 2 ** 20;

type TextTrack = {
  readonly path: string;
  readonly stream: number;
  /** When the film begins by the clock of the movie. */
  readonly startSeconds: number;
};

type TimedText = { readonly from: number; readonly to: number; readonly size: number };

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
  const { tracks, movieScale } = await readSourceTracks(path, [stream], signal);
  const trak = tracks[0]?.trak ?? Buffer.alloc(0);
  const [whole] = boxesOf(trak, 0, trak.length);
  const stsd = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl', 'stsd');
  const mdhd = whole && boxByPath(trak, whole, 'mdia', 'mdhd');
  const timescale = mdhd ? scaleIn(trak, mdhd) : 0;
  if (!whole || !stsd || timescale === 0)
    throw new ServiceError('bad-input', `the track of stream ${stream} does not describe its texts`);
  const samples = await readSamples(ffmpeg, track, signal);
  const lengths = await lengthsInFragments(path, trackNumber(trak), signal);
  const isInFragments = lengths.length > 0;
  const before = samples.length - lengths.length; // the movie box can hold the first ones
  const texts = samples.map(({ from, lasts, size }, i) => {
    const stated = (lengths[i - before] ?? 0) / timescale;
    return { from, to: from + (stated > 0 ? stated : lasts), size };
  });
  const elst = boxByPath(trak, whole, 'edts', 'elst');
  const edits = elst && editsIn(trak, elst);
  const parts = (edits ?? [{ from: 0, lasts: 0 }]).map(({ from, lasts }, i, { length }) => ({
    from: from < 0 ? undefined : from / timescale,
    // the last edit of a file of fragments, and one that is not stated, lasts to the end
    lasts: i + 1 === length && (!edits || isInFragments) ? Number.POSITIVE_INFINITY : lasts / movieScale,
  }));
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
  const found: { readonly from: number; readonly lasts: number; readonly size: number }[] = [];
  let tickSeconds = 0.001;
  const map = ['-map', `0:${stream}`, '-c', 'copy', '-copyinkf'];
  const outputs = [...(bytesTo ? [...map, '-f', 'data', `file:${bytesTo}`] : []), ...map, '-f', 'framecrc', 'pipe:1'];
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
      const [, pts, lasts, size] = /^0, *\S+, *(-?\d+), *(\d+), *(\d+),/.exec(line) ?? [];
      if (pts === undefined) return;
      found.push({ from: Number(pts) * tickSeconds, lasts: Number(lasts) * tickSeconds, size: Number(size) });
    },
  });
  return found;
}
