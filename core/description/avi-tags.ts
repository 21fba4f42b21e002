import { fromWindows1252 } from '../windows-1252.ts';
import { cameraJunk, exifOfStream } from './avi-junk.ts';
import type { ExifTexts } from './exif-directory.ts';
import { readId3 } from './id3.ts';
import { isUtf8 } from './tag-values.ts';

/** A text of an AVI's header: in `hdrl` or beside it, in a list of INFO or of Exif, or in Premiere's list of time codes (`Tdat`). */
export type AviText = { readonly list: string; readonly id: string; readonly bytes: Buffer };

/** ffprobe's names of the entries of INFO that it knows; it writes others by their ids. */
const NAMES: Readonly<Record<string, string>> = {
  IART: 'artist',
  ICMT: 'comment',
  ICOP: 'copyright',
  ICRD: 'date',
  IGNR: 'genre',
  ILNG: 'language',
  INAM: 'title',
  IPRD: 'album',
  IPRT: 'track',
  ITRK: 'track',
  ISFT: 'software',
  ISMP: 'timecode',
  ITCH: 'encoded_by',
};

/** Premiere's own names: the time code of the first picture, and the reel it was shot on. */
const OF_PREMIERE: Readonly<Record<string, string>> = { tc_O: 'timecode', rn_O: 'reel_name' };

/** The entries of Exif's list (Exif 2.3, 5.6) that have names elsewhere. */
const OF_EXIF: Readonly<Record<string, string>> = { ecor: 'make', emdl: 'model', eucm: 'comment' };

/** Behind so many bytes, which name its letters, a comment of Exif begins. */
const LETTERS_BYTES = 8;

const NAMES_OF_LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = { Tdat: OF_PREMIERE, exif: OF_EXIF };

/**
 * Returns the tags of the film that an AVI's header tells: when it was recorded (IDIT, by a clock without a zone, which is taken
 * for UTC as in other containers), the time code of its first picture (ISMP), the entries of INFO and of Exif, what cameras write
 * into JUNK, and the texts of an ID3. The first text of a name counts. What cannot be read as a date or a time code stays a tag of its own name.
 */
export function aviTags(texts: readonly AviText[]): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  const put = (name: string, value: string) => void (tags.has(name) || tags.set(name, value));
  for (const { list, id, bytes } of texts) {
    if (id === 'JUNK' || id === 'strd') {
      const camera = id === 'JUNK' ? cameraJunk(bytes) : exifOfStream(bytes);
      for (const [name, said] of Object.entries(tagsOfCamera(camera))) put(name, said);
      continue;
    }
    if (/^id3 $/i.test(id)) {
      for (const [name, said] of Object.entries(readId3(bytes).tags)) put(name, said);
      continue;
    }
    const value = textIn(id === 'eucm' ? bytes.subarray(LETTERS_BYTES) : bytes);
    if (value === '') continue;
    const name = (NAMES_OF_LISTS[list] ?? NAMES)[id];
    const own = id.trim().toLowerCase();
    if (id === 'IDIT') put(dateIn(value) === undefined ? own : 'creation_time', dateIn(value) ?? value);
    else if (name === 'timecode') put(timecodeIn(value) === undefined ? own : name, timecodeIn(value) ?? value);
    else put(name ?? own, value);
  }
  return Object.fromEntries(tags);
}

/** Which camera it was, and when it began, where what it says of that is a date. */
function tagsOfCamera({ date = '', zone = 'Z', ...camera }: ExifTexts = {}): Readonly<Record<string, string>> {
  const clock = dateIn(date);
  const began = clock && new Date(clock.replace('Z', zone)).toISOString();
  const named = Object.entries(camera).filter(([, text]) => text !== '');
  return { ...Object.fromEntries(named), ...(began !== undefined && { creation_time: began }) };
}

/** Texts end with a zero; their bytes are UTF-8, or the page of a machine of its time. */
function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return (isUtf8(text) ? text.toString('utf8') : fromWindows1252(text)).trim();
}

/** "01:02:03:04", with a semicolon or a point where frame numbers are dropped. */
const timecodeIn = (text: string): string | undefined => /^\d\d:\d\d:\d\d[:;.]\d\d$/.exec(text)?.[0];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What cameras write: "Mon Jan 02 03:04:05 2006", "2001/ 1/27  1:42PM", "2005/11/28/ 09:19", "2002-12-16  15:35:01", "2006:01:02 03:04:05". */
function dateIn(text: string): string | undefined {
  const [, name, day, clock, year] = /^[a-z]{3},? +([a-z]{3}) +(\d{1,2}) +([\d:]{7,8}) +(\d{4})$/i.exec(text) ?? [];
  if (name !== undefined) {
    const [hour, minute, second] = clock?.split(':') ?? [];
    return isoOf([year, MONTHS.indexOf(name.toLowerCase()) + 1, day, hour, minute, second]);
  }
  const [, y, mo, d, h, mi, s = 0, half] =
    /^(\d{4})[-/:] *(\d{1,2})[-/:] *(\d{1,2})\/?[ T]+(\d{1,2}): *(\d{1,2})(?::(\d{1,2}))? *([ap]m?)?$/i.exec(text) ??
    [];
  if (y === undefined) return undefined;
  const hour = half === undefined ? Number(h) : (Number(h) % 12) + (/^p/i.test(half) ? 12 : 0);
  return isoOf([y, mo, d, hour, mi, s]);
}

/** Returns a date as ISO 8601 has it in UTC; undefined where there is no such day or time. */
function isoOf(parts: readonly (string | number | undefined)[]): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (Number.isNaN(ms)) return undefined;
  const date = new Date(ms);
  const is = [
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  const wanted = [month, day, hour, minute, second];
  return is.every((value, i) => value === wanted[i]) ? date.toISOString() : undefined;
}
