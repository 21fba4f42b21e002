import { boxesOf, type MemoryBox, newBox } from './boxes.ts';
import { iso639 } from './language.ts';

/** A value of a tag: a text, or bytes that are no text; its language as BCP 47 ("fra", "de-AT") where it is told. */
export type TagValue = { readonly value: string | Buffer; readonly language: string | undefined };

/** The types of values in iTunes' list and QuickTime's keys (QuickTime File Format, Well-Known Types). */
const [BYTES, UTF8, UTF16, SIGNED, UNSIGNED, FLOAT32, FLOAT64] = [0, 1, 2, 21, 22, 23, 24];

/** iTunes' items that are integers also where their type says that they are bytes. */
const INTEGERS: ReadonlySet<string> = new Set(
  'tmpo cpil pgap pcst hdvd stik rtng tvsn tves gnre cnID atID plID geID cmID sfID akID'.split(' '),
);
/** iTunes' items of a number and how many there are of it. */
const PARTS: ReadonlySet<string> = new Set(['trkn', 'disk']);

/** The values of an item of iTunes' list or of QuickTime's keys: its `data` boxes. */
export function valuesOfItem(bytes: Buffer, item: MemoryBox): readonly TagValue[] {
  return boxesOf(bytes, item.body, item.end).flatMap(({ type, body, end }) => {
    if (type !== 'data' || end - body < 8) return [];
    const data = bytes.subarray(body + 8, end);
    return [
      {
        value: contentOf(data, bytes.readUInt32BE(body) & 0xff_ff_ff, item.type),
        language: languageOfLocale(bytes.readUInt32BE(body + 4)),
      },
    ];
  });
}

function contentOf(data: Buffer, type: number, item: string): string | Buffer {
  if (PARTS.has(item) && data.length >= 6) {
    const [number, total] = [data.readUInt16BE(2), data.readUInt16BE(4)];
    return total > 0 ? `${number}/${total}` : `${number}`;
  }
  if (type === UTF8) return data.toString('utf8').replace(/\0+$/, '');
  if (type === UTF16) return utf16(data);
  // a genre of ID3v1 by its number, counted from 1 there and from 0 in ID3's own notation
  if (item === 'gnre' && data.length === 2) return `(${data.readUInt16BE() - 1})`;
  const isWhole = [1, 2, 3, 4, 6].includes(data.length);
  if (isWhole && type === SIGNED) return `${data.readIntBE(0, data.length)}`;
  if (isWhole && (type === UNSIGNED || (type === BYTES && INTEGERS.has(item))))
    return `${data.readUIntBE(0, data.length)}`;
  if (data.length === 8 && (type === SIGNED || type === UNSIGNED))
    return `${type === SIGNED ? data.readBigInt64BE() : data.readBigUInt64BE()}`;
  if (type === FLOAT32 && data.length === 4) return `${data.readFloatBE()}`;
  if (type === FLOAT64 && data.length === 8) return `${data.readDoubleBE()}`;
  return data;
}

/** A `data` box with a text or bytes, and with its language. */
export function dataBox({ value, language }: TagValue): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(typeof value === 'string' ? UTF8 : BYTES);
  head.writeUInt32BE(localeOf(language), 4);
  return newBox('data', head, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
}

/** QuickTime's texts of user data (`©nam`): each has its length, its language, and itself. */
export function textsOfUserData(bytes: Buffer, { body, end }: MemoryBox): readonly TagValue[] {
  const found: TagValue[] = [];
  for (let at = body; at + 4 <= end; ) {
    const [length, code] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    if (length === 0 || at + 4 + length > end) break;
    const text = bytes.subarray(at + 4, at + 4 + length);
    // Macintosh's codes of languages come with texts in Macintosh's encodings, of which ASCII is a part
    found.push({ value: isUtf8(text) ? withoutZeros(text) : text, language: languageOfCode(code) });
    at += 4 + length;
  }
  return found;
}

/** 3GPP's texts (`titl`): version and flags, language, and a text that a zero ends (3GPP TS 26.244 8). */
export function textOfAsset(bytes: Buffer, { body, end }: MemoryBox): readonly TagValue[] {
  if (end - body < 7) return [];
  return [{ value: markedText(bytes.subarray(body + 6, end)), language: languageOfCode(bytes.readUInt16BE(body + 4)) }];
}

/** Returns a text that is UTF-16 behind its byte order mark, whichever of both, and UTF-8 without one. */
export function markedText(text: Buffer): string {
  const mark = text.length >= 2 ? text.readUInt16BE() : 0;
  if (mark === 0xfeff) return utf16(text.subarray(2));
  return mark === 0xfffe ? text.toString('utf16le', 2).replace(/\0.*$/s, '') : withoutZeros(text);
}

const isUtf8 = (text: Buffer): boolean => Buffer.from(text.toString('utf8'), 'utf8').equals(text);

const withoutZeros = (text: Buffer): string => text.toString('utf8').replace(/\0.*$/s, '');

const utf16 = (data: Buffer): string =>
  Buffer.from(data.subarray(0, data.length & ~1))
    .swap16()
    .toString('utf16le')
    .replace(/\0.*$/s, '');

/** Three letters in five bits each (ISO/IEC 14496-12 8.4.2.3); smaller codes are Macintosh's, whose 0 is mostly no statement. */
function languageOfCode(code: number): string | undefined {
  if (code < 0x400 || code >= 0x7fff) return undefined;
  const letters = [10, 5, 0].map((shift) => String.fromCharCode(((code >> shift) & 0x1f) + 0x60)).join('');
  return iso639(letters);
}

function codeOf(language: string | undefined): number {
  const letters = iso639(language);
  return letters === undefined ? 0 : [...letters].reduce((code, each) => code * 32 + each.charCodeAt(0) - 0x60, 0);
}

/** A country of two letters and a language (QuickTime File Format, Data Atom Structure). */
function languageOfLocale(locale: number): string | undefined {
  const language = languageOfCode(locale & 0xff_ff);
  const country = String.fromCharCode(locale >>> 24, (locale >>> 16) & 0xff);
  return language !== undefined && /^[A-Z]{2}$/.test(country) ? `${language}-${country}` : language;
}

function localeOf(language: string | undefined): number {
  const region = language
    ?.split(/[-_]/)
    .find((part, i) => i > 0 && /^[a-z]{2}$/i.test(part))
    ?.toUpperCase();
  const code = codeOf(language);
  return code === 0 || region === undefined
    ? code
    : region.charCodeAt(0) * 2 ** 24 + region.charCodeAt(1) * 2 ** 16 + code;
}
