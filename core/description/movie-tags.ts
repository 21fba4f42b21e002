import { boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { nameOfBox, nameOfCustom, nameOfItem, tagName } from './tag-names.ts';
import {
  markedText,
  type TagValue,
  textOfAsset,
  textOfBox,
  textsOfUserData,
  valuesOfItem,
  wordsIn,
} from './tag-values.ts';

/** One thing that a box of an MP4 or MOV says of the film, in the form of a tag. */
export type SaidTag = {
  /** The name of the box or key, and where the values are text, the name of the tag that Matroska has for it. */
  readonly name: string;
  readonly as: string;
  readonly values: readonly TagValue[];
};

/** 3GPP's boxes of one text. */
const ASSETS: ReadonlySet<string> = new Set('titl auth perf gnre dscp cprt albm coll'.split(' '));

/** Returns what iTunes' list or QuickTime's keys in a `meta` box say, by their children. A cover is no tag. */
export function tagsOfMeta(bytes: Buffer, children: readonly MemoryBox[]): readonly SaidTag[] {
  const keys = children.find(({ type }) => type === 'keys');
  const list = children.find(({ type }) => type === 'ilst');
  const items = list ? boxesOf(bytes, list.body, list.end) : [];
  const names = keys ? keyNames(bytes, keys) : undefined;
  return items.flatMap((item): readonly SaidTag[] => {
    if (isCoverItem(bytes, item, names)) return [];
    const name = names ? names[bytes.readUInt32BE(item.start + 4) - 1] : itemName(bytes, item);
    if (name === undefined) return [];
    const isCustom = item.type === '----';
    const as = names ? tagName(name) : isCustom ? name : nameOfItem(item.type);
    return [{ name, as, values: valuesOfItem(bytes, item) }];
  });
}

/** Returns what 3GPP's boxes say besides: the name of a place with notes on it, and the number of a track of its album. */
export function moreOfAsset(bytes: Buffer, { type, body, end }: MemoryBox): readonly SaidTag[] {
  if (type !== 'loci' && type !== 'albm') return [];
  const rest = bytes.subarray(Math.min(body + 6, end), end);
  const [name, behind] = cutAtZero(rest);
  const said = (as: string, value: string): readonly SaidTag[] =>
    value === '' ? [] : [{ name: as.toLowerCase(), as, values: [{ value, language: undefined }] }];
  if (type === 'albm') return behind.length === 1 ? said('TRACK', `${behind[0]}`) : [];
  const [, notes] = cutAtZero(behind.subarray(BYTES_OF_PLACE));
  return [...said('LOCATION_NAME', markedText(name)), ...said('LOCATION_NOTES', markedText(notes))];
}

/** The role of a place, its longitude, latitude and altitude; behind them lie the name of the celestial body and notes. */
const BYTES_OF_PLACE = 13;

/** A text up to the zero that ends it, of two bytes where it is UTF-16, and what lies behind. */
function cutAtZero(rest: Buffer): readonly [text: Buffer, behind: Buffer] {
  const width = rest.length >= 2 && [0xfeff, 0xfffe].includes(rest.readUInt16BE()) ? 2 : 1;
  for (let at = 0; at + width <= rest.length; at += width)
    if (rest.readUIntBE(at, width) === 0) return [rest.subarray(0, at), rest.subarray(at + width)];
  return [rest, Buffer.alloc(0)];
}

/** Returns what the XML in a `meta` box says, as Sony's cameras describe a take with it (ISO/IEC 14496-12 8.11.2). */
export const xmlOfMeta = (bytes: Buffer, { body, end }: MemoryBox): SaidTag => {
  const text = bytes.subarray(Math.min(body + 4, end), end);
  return { name: 'xml', as: 'XML', values: [{ value: markedText(text), language: undefined }] };
};

/** QuickTime's key for a cover. */
export const ARTWORK = 'com.apple.quicktime.artwork';

/** The types of values that are pictures: JPEG, PNG and BMP (QuickTime File Format, Well-Known Types). */
const PICTURES: ReadonlySet<number> = new Set([13, 14, 27]);

/** Whether an item is a cover, which ffmpeg makes a stream of: in iTunes' list by its type, among QuickTime's keys by its name. */
export function isCoverItem(bytes: Buffer, item: MemoryBox, names: readonly string[] | undefined): boolean {
  if (names === undefined) return item.type === 'covr';
  if (names[bytes.readUInt32BE(item.start + 4) - 1] !== ARTWORK) return false;
  return boxesOf(bytes, item.body, item.end).some(
    ({ type, body, end }) => type === 'data' && end - body > 8 && PICTURES.has(bytes.readUInt32BE(body) & 0xff_ff_ff),
  );
}

/** Returns what a box in `udta` says, which is nothing where it is empty; undefined for a box that is no text. */
export function tagOfUdta(bytes: Buffer, box: MemoryBox): SaidTag | undefined {
  const { type } = box;
  if (NO_TEXTS.has(type)) return undefined;
  const values = valuesInUdta(bytes, box);
  const isEmpty = bytes.subarray(box.body, box.end).every((byte) => byte === 0);
  return values.length === 0 && !isEmpty
    ? undefined
    : { name: shownType(type.replace(/[\0 ]+$/, '')), as: nameOfBox(type), values };
}

/** Lists of items, a camera's own form, and XMP, which is a document. */
const NO_TEXTS: ReadonlySet<string> = new Set(['meta', 'GPMF', 'XMP_', 'uuid']);

function valuesInUdta(bytes: Buffer, box: MemoryBox): readonly TagValue[] {
  const { type } = box;
  const behind = (count: number) => bytes.subarray(Math.min(box.body + count, box.end), box.end);
  if (ASSETS.has(type)) return textOfAsset(bytes, box);
  if (type === 'loci') return placeIn(behind(6));
  if (type === 'yrrc') return yearIn(behind(4));
  if (type === 'kywd') return wordsIn(bytes, box);
  if (type === 'kind') return roleIn(behind(4));
  if (type === 'name' || type === 'tagc') return textOfBox(bytes, box, false);
  const texts = type.startsWith('\u00a9') ? textsOfUserData(bytes, box) : [];
  if (texts.length === 0) return textOfBox(bytes, box);
  // a place in two languages is one place
  return type === '\u00a9xyz' ? texts.slice(0, 1).map(({ value }) => ({ value, language: undefined })) : texts;
}

/** The line of one of QuickTime's items whose number is that of no key, so that nobody can tell what it says. */
export const strayItem = (number: number) =>
  ({ name: `key ${number}`, fate: 'dropped', why: 'the source has no key of this number' }) as const;

/** The numbers of those of QuickTime's items that are those of no key. */
export function strayNumbers(bytes: Buffer, children: readonly MemoryBox[]): readonly number[] {
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  if (!keys || !list) return [];
  const names = keyNames(bytes, keys);
  const numbers = boxesOf(bytes, list.body, list.end).map(({ start }) => bytes.readUInt32BE(start + 4));
  return numbers.filter((number) => names[number - 1] === undefined);
}

/** The names of the keys in a `keys` box, in order. */
export const keyNames = (bytes: Buffer, keys: MemoryBox): readonly string[] =>
  boxesOf(bytes, keys.body + 8, keys.end).map(({ body, end }) => bytes.toString('utf8', body, end));

/** A custom item of iTunes ("----") has its name inside. */
export function itemName(bytes: Buffer, item: MemoryBox): string {
  if (item.type !== '----') return shownType(item.type);
  const parts = boxesOf(bytes, item.body, item.end);
  const [mean = '', name] = ['mean', 'name'].map((wanted) => {
    const part = parts.find(({ type }) => type === wanted);
    return part && textOf(bytes.subarray(Math.min(part.body + 4, part.end), part.end));
  });
  return name === undefined ? item.type : nameOfCustom(mean, name);
}

const textOf = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('latin1');
};

/** The role of a track (ISO/IEC 14496-12 8.10.4): the scheme, and its word. */
function roleIn(text: Buffer): readonly TagValue[] {
  const [scheme = '', word = ''] = text.toString('utf8').split('\0');
  return [{ value: `${scheme} ${word}`.trim(), language: undefined }];
}

const yearIn = (rest: Buffer): readonly TagValue[] =>
  rest.length < 2 ? [] : [{ value: `${rest.readUInt16BE()}`, language: undefined }];

/** 3GPP's place, as ISO 6709 writes it, if it is one: behind a name and a role lie longitude, latitude and altitude in 16.16 bits. */
function placeIn(rest: Buffer): readonly TagValue[] {
  const [, behind] = cutAtZero(rest);
  if (behind.length < BYTES_OF_PLACE) return [];
  const [east = 0, north = 0, up = 0] = [1, 5, 9].map((offset) => behind.readInt32BE(offset) / 65_536);
  if (Math.abs(north) > 90 || Math.abs(east) > 180) return [];
  const degrees = (value: number, digits: number) =>
    `${value < 0 ? '-' : '+'}${Math.abs(value)
      .toFixed(4)
      .padStart(digits + 5, '0')}`;
  const altitude = up === 0 ? '' : `${up < 0 ? '-' : '+'}${Math.abs(up).toFixed(1)}`;
  return [{ value: `${degrees(north, 2)}${degrees(east, 3)}${altitude}/`, language: undefined }];
}
