import { boxesOf, type MemoryBox } from './boxes.ts';
import { markedText, type TagValue, textOfAsset, textsOfUserData, valuesOfItem } from './tag-values.ts';

/** One thing that a box of an MP4 or MOV says of the film, in the form of a tag. */
export type SaidTag = {
  /** The name of the box or key, and where the values are text, the name of the tag that Matroska has for it. */
  readonly name: string;
  readonly as: string;
  readonly values: readonly TagValue[];
};

/** Matroska's and ffmpeg's names of iTunes' items and of the boxes in `udta`, by the types of the boxes. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  `\u00a9nam:TITLE titl:TITLE \u00a9ART:ARTIST \u00a9art:ARTIST perf:PERFORMER auth:AUTHOR \u00a9aut:ARTIST aART:ALBUM_ARTIST \u00a9wrt:COMPOSER \u00a9com:COMPOSER
  \u00a9alb:ALBUM albm:ALBUM \u00a9day:DATE yrrc:DATE \u00a9gen:GENRE gnre:GENRE \u00a9cmt:COMMENT \u00a9inf:COMMENT \u00a9cpy:COPYRIGHT cprt:COPYRIGHT \u00a9grp:GROUPING
  \u00a9lyr:LYRICS desc:DESCRIPTION dscp:DESCRIPTION \u00a9des:DESCRIPTION ldes:SYNOPSIS tvsh:SHOW tvnn:NETWORK tven:EPISODE_ID tvsn:SEASON_NUMBER tves:EPISODE_SORT
  keyw:KEYWORDS kywd:KEYWORDS catg:CATEGORY tmpo:BPM trkn:TRACK disk:DISC cpil:COMPILATION pgap:GAPLESS_PLAYBACK hdvd:HD_VIDEO stik:MEDIA_TYPE rtng:RATING
  purd:PURCHASE_DATE apID:ACCOUNT_ID sonm:SORT_NAME soar:SORT_ARTIST soaa:SORT_ALBUM_ARTIST soal:SORT_ALBUM soco:SORT_COMPOSER sosn:SORT_SHOW
  \u00a9mak:MAKE \u00a9mod:MODEL \u00a9swr:SOFTWARE \u00a9too:ENCODER \u00a9enc:ENCODER \u00a9xyz:LOCATION loci:LOCATION \u00a9dir:DIRECTOR \u00a9prd:PRODUCER \u00a9prf:PERFORMERS
  \u00a9wrn:WARNING \u00a9req:PLAYBACK_REQUIREMENTS \u00a9fmt:ORIGINAL_FORMAT \u00a9src:ORIGINAL_SOURCE \u00a9hst:HOST_COMPUTER \u00a9dis:DISCLAIMER \u00a9ope:ORIGINAL_ARTIST
  \u00a9ed1:EDIT_DATE \u00a9url:URL \u00a9trk:TRACK \u00a9phg:RECORDING_COPYRIGHT \u00a9PRD:PRODUCER \u00a9st3:SUBTITLE \u00a9mal:MAKE_URL name:TITLE kind:KIND tagc:MEDIA_CHARACTERISTIC`
    .split(/\s+/)
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);

/** 3GPP's boxes of one text. */
const ASSETS: ReadonlySet<string> = new Set('titl auth perf gnre dscp cprt albm'.split(' '));

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
    return [{ name, as: tagName(name, item.type), values: valuesOfItem(bytes, item) }];
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

/** Returns what a box in `udta` says; undefined for a box that is no text. */
export function tagOfUdta(bytes: Buffer, box: MemoryBox): SaidTag | undefined {
  const { type } = box;
  const said = (values: readonly TagValue[]): SaidTag => ({ name: type, as: tagName(type, type), values });
  if (ASSETS.has(type)) return said(textOfAsset(bytes, box));
  if (type === 'loci') return said(placeIn(bytes.subarray(Math.min(box.body + 6, box.end), box.end)));
  if (type === 'yrrc') return said(yearIn(bytes.subarray(Math.min(box.body + 4, box.end), box.end)));
  if (type === 'name' || type === 'tagc') return said(plainText(bytes.subarray(box.body, box.end)));
  if (type === 'kind') return said(roleIn(bytes.subarray(Math.min(box.body + 4, box.end), box.end)));
  if (!type.startsWith('\u00a9') || NAMES[type] === undefined) return undefined;
  // a place in two languages is one place
  const texts = textsOfUserData(bytes, box);
  return said(type === '\u00a9xyz' ? texts.slice(0, 1).map(({ value }) => ({ value, language: undefined })) : texts);
}

/** The names of the keys in a `keys` box, in order. */
export const keyNames = (bytes: Buffer, keys: MemoryBox): readonly string[] =>
  boxesOf(bytes, keys.body + 8, keys.end).map(({ body, end }) => bytes.toString('utf8', body, end));

/** A custom item of iTunes ("----") has its name inside. */
export function itemName(bytes: Buffer, item: MemoryBox): string {
  const name = item.type === '----' && boxesOf(bytes, item.body, item.end).find(({ type }) => type === 'name');
  return name ? bytes.toString('utf8', name.body + 4, name.end) : shownType(item.type);
}

/** A type of boxes as people can read it. */
export const shownType = (type: string): string => type.replace(/[^\u0021-\u007e\u00a9]/g, '?');

/** The name of the tag that Matroska has for a box or key of this name. */
export const tagName = (name: string, type = name): string =>
  (NAMES[type] ?? name)
    .replace(/\0.*$/s, '')
    .replace(/^\u00a9/, '')
    .replace(/\s+/g, '_')
    .toUpperCase();

const plainText = (text: Buffer): readonly TagValue[] => [
  { value: text.toString('utf8').replace(/\0+$/, ''), language: undefined },
];

/** The role of a track (ISO/IEC 14496-12 8.10.4): the scheme, and its word. */
function roleIn(text: Buffer): readonly TagValue[] {
  const [scheme = '', word = ''] = text.toString('utf8').split('\0');
  return [{ value: `${scheme} ${word}`.trim(), language: undefined }];
}

const yearIn = (rest: Buffer): readonly TagValue[] =>
  rest.length < 2 ? [] : [{ value: `${rest.readUInt16BE()}`, language: undefined }];

/** 3GPP's place, as ISO 6709 writes it: behind a name and a role lie longitude, latitude and altitude in 16.16 bits. */
function placeIn(rest: Buffer): readonly TagValue[] {
  const [, behind] = cutAtZero(rest);
  if (behind.length < BYTES_OF_PLACE) return [];
  const [east = 0, north = 0, up = 0] = [1, 5, 9].map((offset) => behind.readInt32BE(offset) / 65_536);
  const degrees = (value: number, digits: number) =>
    `${value < 0 ? '-' : '+'}${Math.abs(value)
      .toFixed(4)
      .padStart(digits + 5, '0')}`;
  const altitude = up === 0 ? '' : `${up < 0 ? '-' : '+'}${Math.abs(up).toFixed(1)}`;
  return [{ value: `${degrees(north, 2)}${degrees(east, 3)}${altitude}/`, language: undefined }];
}
