import { boxBytes, boxesOf } from '../bytes/boxes.ts';
import type { Probe } from '../film/probe.ts';
import { fromWindows1252 } from '../windows-1252.ts';
import type { MetadataBox, MetadataFate } from './metadata.ts';
import type { MovieChapters } from './movie-chapters.ts';
import { isUtf8 } from './tag-values.ts';

/** Nero's times are in units of 100 nanoseconds. */
const UNIT = 100n;
const HEAD_BYTES = 9;

/**
 * Returns the chapters of Nero's list (`chpl`), where a film has no track of chapters. ffmpeg would copy those that begin behind the film, too, and where a GoPro's
 * marked moments (`HMMT`) lie beside the list, it takes a moment for the chapter of its number.
 */
export function neroChapters(
  boxes: readonly MetadataBox[],
  {
    chaptersOfTrack,
    startSeconds,
    durationSeconds = 0,
  }: Pick<Probe, 'chaptersOfTrack' | 'startSeconds' | 'durationSeconds'>,
): MovieChapters | undefined {
  if (chaptersOfTrack !== undefined) return undefined;
  const [list] = boxes.flatMap(listsIn);
  const chapters = list ? chaptersIn(list.subarray(8)) : [];
  if (chapters.length === 0) return undefined;
  const shown = chapters.map(({ start, title }) => {
    const from = Number(start) / 1e9 - startSeconds;
    return { from, to: Math.max(from, durationSeconds), title };
  });
  return { shown, hidden: [] };
}

/**
 * Returns the line of Nero's list where a film has a track of chapters too, and the list has fewer or more of them, or other titles:
 * players read the track.
 */
export function neroFates(
  boxes: readonly MetadataBox[],
  { chaptersOfTrack, chapterTitles = [] }: Pick<Probe, 'chaptersOfTrack' | 'chapterTitles'>,
): readonly MetadataFate[] {
  if (chaptersOfTrack === undefined) return [];
  return boxes.flatMap((box) => {
    const [list] = listsIn(box);
    if (!list) return [];
    const chapters = chaptersIn(list.subarray(8));
    const isCount = chapters.length === chaptersOfTrack;
    if (isCount && chapters.every(({ title }, i) => isTitle(title, chapterTitles[i] ?? ''))) return [];
    const other = isCount
      ? `this list has other titles (${shownTitle(chapters, chapterTitles)})`
      : `this list has ${chapters.length} of them, not ${chaptersOfTrack},`;
    const why = `the chapters are those of the track of chapters, as players read it; ${other} and stays in the source`;
    return [{ place: 'movie', name: "chapters (Nero's list)", fate: 'dropped', why }];
  });
}

/** A title of the list has at most 255 bytes, and may end within a letter. */
const LONGEST_TITLE = 255;
const isTitle = (title: string, ofTrack: string): boolean =>
  title === ofTrack ||
  (Buffer.byteLength(ofTrack) > LONGEST_TITLE && ofTrack.startsWith(title.replace(/\ufffd+$/, '')) && title !== '');

const MOST_SHOWN = 60;

/** The first title that is another one. */
function shownTitle(chapters: readonly { readonly title: string }[], titles: readonly string[]): string {
  const { title = '' } = chapters.find((each, i) => !isTitle(each.title, titles[i] ?? '')) ?? {};
  return `"${title.replace(/\p{C}/gu, '?').slice(0, MOST_SHOWN)}"`;
}

/** Version, flags and four bytes more, how many there are, and each with its time, the length of its name, and its name. */
function chaptersIn(payload: Buffer) {
  const found: { readonly start: bigint; readonly title: string }[] = [];
  let at = payload[0] === 1 ? HEAD_BYTES : HEAD_BYTES - 4;
  const count = payload[at - 1] ?? 0;
  while (at + HEAD_BYTES <= payload.length && found.length < count) {
    const behind = at + HEAD_BYTES + (payload[at + 8] ?? 0);
    const title = payload.subarray(at + HEAD_BYTES, behind);
    found.push({ start: payload.readBigUInt64BE(at) * UNIT, title: titleOf(title) });
    at = behind;
  }
  return found;
}

/** A title is UTF-8, of which the last letter may be cut; some programs write it in the encoding of Windows. */
function titleOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const whole = bytes.length === LONGEST_TITLE ? text.replace(/\ufffd+$/, '') : text;
  return isUtf8(bytes) || !whole.includes('\ufffd') ? whole : fromWindows1252(bytes);
}

const listsIn = ({ place, type, bytes }: MetadataBox): readonly Buffer[] =>
  place === 'movie' && type === 'udta' && bytes ? partsOf(bytes).filter((part) => typeOf(part) === 'chpl') : [];

function partsOf(udta: Buffer): readonly Buffer[] {
  const [whole] = boxesOf(udta, 0, udta.length);
  return whole ? boxesOf(udta, whole.body, whole.end).map((part) => boxBytes(udta, part)) : [];
}

const typeOf = (box: Buffer): string => box.toString('latin1', 4, 8);
