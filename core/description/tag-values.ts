import { inFourBytes, inTwoBytes } from '../bytes/big-endian.ts';
import { boxesOf, type MemoryBox, newBox } from '../bytes/boxes.ts';
import { genreOf } from './genres.ts';
import { iso639 } from './language.ts';
import { macLanguage, macText } from './mac-text.ts';

/** A value of a tag: a text, or bytes that are no text; its language as BCP 47 ("fra", "de-AT") where it is told. */
export type TagValue = { readonly value: string | Buffer; readonly language: string | undefined };

/** The types of values in iTunes' list and QuickTime's keys (QuickTime File Format, Well-Known Types). */
const [BYTES, UTF8, UTF16, S_JIS, UTF8_SORT, UTF16_SORT] = [0, 1, 2, 3, 4, 5];
const [SIGNED, UNSIGNED, FLOAT32, FLOAT64] = [21, 22, 23, 24];

/** iTunes' items that are integers also where their type says that they are bytes, and how many bytes iTunes gives them. */
const INTEGERS: ReadonlyMap<string, number> = new Map(
  `tvsn:4 tves:4 tmpo:2 \u00a9mvi:2 \u00a9mvc:2 stik:1 rtng:1 hdvd:1 shwm:1 cpil:1 pgap:1 pcst:1 akID:1 plID:8 cnID:4 geID:4 atID:4 sfID:4 cmID:4`
    .split(' ')
    .map((pair) => [pair.slice(0, 4), Number(pair.slice(5))]),
);
/** iTunes' items of a number and how many there are of it, by the bytes of their value. */
const PARTS: ReadonlyMap<string, number> = new Map([
  ['trkn', 8],
  ['disk', 6],
]);

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
  if (type === UTF8 || type === UTF8_SORT) return data.toString('utf8').replace(/\0+$/, '');
  if (type === UTF16 || type === UTF16_SORT) return utf16(data);
  if (type === S_JIS) return macText(data, JAPANESE) ?? data;
  if (item === 'gnre' && data.length === 2) return genreOf(data.readUInt16BE());
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

const JAPANESE = 11;

/**
 * A `data` box of iTunes' item of this type with a text or bytes: a number where the item is one. Undefined where the item cannot say
 * the value, as "A1" of a track.
 */
export function itemData(type: string, value: string | Buffer): Buffer | undefined {
  const [bytesOfParts, bytesOfInteger] = [PARTS.get(type), INTEGERS.get(type)];
  const isNumber = bytesOfParts !== undefined || bytesOfInteger !== undefined;
  if (!isNumber) return dataBox({ value, language: undefined });
  if (typeof value !== 'string') return undefined;
  if (bytesOfInteger !== undefined) return integerData(value, bytesOfInteger);
  const [, number, total = '0'] = /^(\d{1,5})(?:\/(\d{1,5}))?$/.exec(value) ?? [];
  if (number === undefined || Number(number) > 0xff_ff || Number(total) > 0xff_ff) return undefined;
  const bytes = Buffer.alloc(bytesOfParts ?? 8);
  bytes.writeUInt16BE(Number(number), 2);
  bytes.writeUInt16BE(Number(total), 4);
  return newBox('data', Buffer.alloc(8), bytes);
}

/** An integer in as many bytes as iTunes gives it, and in more where it needs them. */
function integerData(value: string, usual: number): Buffer | undefined {
  // "02" would come back as "2"; no item is negative, and readers take "-1" for 4294967295
  if (!/^(0|[1-9]\d{0,18})$/.test(value)) return undefined;
  const number = BigInt(value);
  const size = [1, 2, 4, 8].find((bytes) => bytes >= usual && BigInt.asIntN(bytes * 8, number) === number);
  if (size === undefined) return undefined;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(number);
  return newBox('data', Buffer.from([0, 0, 0, SIGNED, 0, 0, 0, 0]), bytes.subarray(8 - size));
}

/** A `data` box with a text or bytes, and with its language. */
export function dataBox({ value, language }: TagValue): Buffer {
  const head = inFourBytes(typeof value === 'string' ? UTF8 : BYTES, localeOf(language));
  return newBox('data', head, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
}

/** QuickTime's texts of user data (`©nam`): each has its length, its language, and itself. */
export function textsOfUserData(bytes: Buffer, { body, end }: MemoryBox): readonly TagValue[] {
  const found: TagValue[] = [];
  for (let at = body; at + 4 <= end; ) {
    const [length, code] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    if (length === 0 || at + 4 + length > end) break;
    const text = bytes.subarray(at + 4, at + 4 + length);
    found.push({ value: quickTimeText(text, code), language: languageOfCode(code) ?? macLanguage(code) });
    at += 4 + length;
  }
  return found;
}

/**
 * Codes of the Macintosh come with texts in its encodings. Many programs write UTF-8 with the code 0 all the same, which bytes of
 * other encodings are only by chance. A text of an encoding that is not known here stays bytes.
 */
function quickTimeText(text: Buffer, code: number): string | Buffer {
  const isWide = text.length >= 2 && [0xfeff, 0xfffe].includes(text.readUInt16BE());
  if (isUtf8(text) || isWide) return markedText(text);
  return (code < 0x400 || code === UNSPECIFIED ? macText(text, code === UNSPECIFIED ? 0 : code) : undefined) ?? text;
}

/** The codes of a language that is not told: QuickTime's, and "und" in five bits a letter, which says that the text is UTF-8. */
const [UNSPECIFIED, UNDETERMINED] = [0x7fff, 0x55c4];

/** QuickTime's texts of user data with their languages, as a box of this type. */
export const userDataBox = (type: string, values: readonly TagValue[]): Buffer =>
  newBox(
    type,
    ...values.flatMap(({ value, language }) => {
      const text = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      const code = codeOf(language) || (text.some((byte) => byte > 0x7f) ? UNDETERMINED : 0);
      return [inTwoBytes(text.length, code), text];
    }),
  );

/** Returns what a box of `udta` says that is one text and nothing else, plain or in the form of 3GPP; empty for all others. */
export function textOfBox(bytes: Buffer, { body, end }: MemoryBox, hasLanguage = true): readonly TagValue[] {
  const all = bytes.subarray(body, end);
  const plain = all.length >= 4 && all.readUInt32BE() === 0 ? all.subarray(4) : all;
  const code = hasLanguage && plain !== all && plain.length > 2 ? plain.readUInt16BE() : undefined;
  const isMarked = code !== undefined && (code === 0 || languageOfCode(code) !== undefined);
  const text = isMarked ? plain.subarray(2) : plain;
  const isWide = text.length > 2 && [0xfeff, 0xfffe].includes(text.readUInt16BE());
  const value = isWide ? markedText(text) : isUtf8(text) ? text.toString('utf8').replace(/\0+$/, '') : '';
  if (value.length < (hasLanguage ? 2 : 1) || UNPRINTABLE.test(value)) return [];
  return [{ value, language: isMarked ? languageOfCode(code) : undefined }];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what has control characters is no text
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** 3GPP's words (`kywd`): how many there are, and each with its length; Apple's are texts that zeros end. */
export function wordsIn(bytes: Buffer, { body, end }: MemoryBox): readonly TagValue[] {
  const all = bytes.subarray(body, end);
  if (all[0] !== 0) {
    const words = isUtf8(all) ? all.toString('utf8').split(/\0+/) : [];
    return words.flatMap((value) => (value === '' ? [] : [{ value, language: undefined }]));
  }
  if (all.length < 7) return [];
  const language = languageOfCode(all.readUInt16BE(4));
  const found: TagValue[] = [];
  for (let at = 7; at < all.length && found.length < (all[6] ?? 0); at += 1 + (all[at] ?? 0))
    found.push({ value: markedText(all.subarray(at + 1, at + 1 + (all[at] ?? 0))), language });
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

/** Whether bytes are valid UTF-8 to their end. */
export const isUtf8 = (text: Buffer): boolean => Buffer.from(text.toString('utf8'), 'utf8').equals(text);

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
