import { newBox } from './boxes.ts';
import type { MetadataBox, MetadataFate, MetadataPlan } from './metadata.ts';

/** iTunes' items for the tags that ffmpeg's demuxers name alike in every container. */
const TEXTS: Readonly<Record<string, string>> = {
  title: '\u00a9nam',
  artist: '\u00a9ART',
  album_artist: 'aART',
  composer: '\u00a9wrt',
  album: '\u00a9alb',
  date: '\u00a9day',
  date_released: '\u00a9day',
  genre: '\u00a9gen',
  comment: '\u00a9cmt',
  copyright: 'cprt',
  grouping: '\u00a9grp',
  lyrics: '\u00a9lyr',
  description: 'desc',
  synopsis: 'ldes',
  show: 'tvsh',
  network: 'tvnn',
  episode_id: 'tven',
  keywords: 'keyw',
};
const NUMBERS: Readonly<Record<string, string>> = { season_number: 'tvsn', episode_sort: 'tves' };

/** What describes the source's file and not the film, and what ffmpeg itself keeps: the time of creation. */
const OF_THE_FILE: Readonly<Record<string, string>> = {
  encoder: 'it names the program that wrote the source',
  creation_time: '',
  major_brand: '',
  minor_version: '',
  compatible_brands: '',
  timecode: '',
  'spherical-video': '',
};

/** A place on Earth as ISO 6709 writes it: "+48.8584+002.2945+035.000/". */
const ISO_6709 = /^[+-]\d{2,6}(?:\.\d+)?[+-]\d{3,7}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?.*\/$/;

/** More than any real tag; a longer one is left out. */
const MOST_BYTES = 2 ** 20;
const MOST_TAGS = 1000;

/**
 * Writes the tags of a film that is no MP4 as an MP4 or MOV has them: each as a key (QuickTime), known ones in iTunes' list as
 * well, where players and editors look, and the place as `©xyz` (QuickTime File Format, User Data and Metadata).
 */
export function metadataOfTags(tags: Readonly<Record<string, string>>): MetadataPlan {
  const told = toldTags(tags);
  const fates = told.map(([name, value], i): MetadataFate => {
    const why =
      OF_THE_FILE[name] ??
      (Buffer.byteLength(value) > MOST_BYTES ? 'it is larger than any real one' : undefined) ??
      (i >= MOST_TAGS ? `a file has at most ${MOST_TAGS} of them` : undefined);
    if (why !== undefined) return { place: 'movie', name, fate: 'dropped', why };
    return { place: 'movie', name, fate: 'converted', why: 'written as a tag of MP4' };
  });
  const kept = told.filter((_, i) => fates[i]?.fate === 'converted');
  if (kept.length === 0) return { boxes: [], fates };
  // of several places the first is where the film begins
  const places = kept.flatMap(([name, value]) => (/^location(-|$)/.test(name) ? value.split('; ') : []));
  const place = places.find((value) => ISO_6709.test(value));
  const items = kept.flatMap(([name, value]) => itemFor(name, value));
  // readers of iTunes' list take the first `meta` in `udta`; in the movie box, some read a `meta` as plain and some as full
  const udta = [
    ...(items.length > 0 ? [itemList(items)] : []),
    keysBox(kept),
    ...(place === undefined ? [] : [placeBox(place)]),
  ];
  const boxes: readonly MetadataBox[] = [{ place: 'movie', type: 'udta', bytes: newBox('udta', ...udta) }];
  return { boxes, fates };
}

const toldTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).filter(([name, value]) => value !== '' && OF_THE_FILE[name] !== '');

/** The lines of tags that go from a film that is neither MP4 nor Matroska into Matroska, which holds all that are texts. */
export const fatesInMatroska = (tags: Readonly<Record<string, string>>): readonly MetadataFate[] =>
  toldTags(tags).map(([name]) => {
    const why = OF_THE_FILE[name];
    return why === undefined
      ? { place: 'movie', name, fate: 'converted', why: 'written as a tag of Matroska' }
      : { place: 'movie', name, fate: 'dropped', why };
  });

function itemFor(name: string, value: string): readonly Buffer[] {
  const text = TEXTS[name];
  if (text !== undefined) return [newBox(text, dataBox(UTF8, Buffer.from(value, 'utf8')))];
  const number = NUMBERS[name];
  if (number === undefined || !/^\d{1,9}$/.test(value)) return [];
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Number(value));
  return [newBox(number, dataBox(INTEGER, bytes))];
}

const UTF8 = 1;
const INTEGER = 21;

function dataBox(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(type);
  return newBox('data', head, value);
}

const FULL = Buffer.alloc(4);

const handler = (type: string) =>
  newBox('hdlr', Buffer.alloc(8), Buffer.from(type, 'latin1'), Buffer.alloc(12), Buffer.from('\0', 'latin1'));

/** iTunes' list of items, in a `meta` box of handler mdir. */
const itemList = (items: readonly Buffer[]): Buffer => newBox('meta', FULL, handler('mdir'), newBox('ilst', ...items));

/** QuickTime's keys and values, in a `meta` box of handler mdta. */
function keysBox(tags: readonly (readonly [string, string])[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(tags.length);
  const keys = tags.map(([name]) => newBox('mdta', Buffer.from(name, 'utf8')));
  const values = tags.map(([, value], i) => {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(i + 1);
    return newBox(index.toString('latin1'), dataBox(UTF8, Buffer.from(value, 'utf8')));
  });
  return newBox('meta', FULL, handler('mdta'), newBox('keys', FULL, count, ...keys), newBox('ilst', ...values));
}

/** QuickTime's text of user data: its length, its language (0: English), and itself. */
function placeBox(place: string): Buffer {
  const text = Buffer.from(place, 'utf8');
  const head = Buffer.alloc(4);
  head.writeUInt16BE(text.length);
  return newBox('\u00a9xyz', head, text);
}
