import { newBox } from './boxes.ts';
import type { FilmTag } from './film-tags.ts';
import { EMPTY, type MetadataBox, type MetadataFate, type MetadataPlan } from './metadata.ts';
import { tagName } from './movie-tags.ts';
import { namesOldProgram } from './old-programs.ts';
import { tagLimit } from './tag-limits.ts';
import { dataBox } from './tag-values.ts';
import type { WrittenTag } from './written-tags.ts';

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
  creation_time: '',
  timecode: '',
  'spherical-video': '',
  operational_pattern_ul: 'it says how the source is laid out',
};

/** A place on Earth as ISO 6709 writes it: "+48.8584+002.2945+035.000/". */
const ISO_6709 = /^[+-]\d{2,6}(?:\.\d+)?[+-]\d{3,7}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?.*\/$/;

/** The tags of a film as ffprobe tells them, which are texts without a language. */
export const asFilmTags = (tags: Readonly<Record<string, string>>): readonly FilmTag[] =>
  Object.entries(tags).map(([name, value]) => ({ name, value, language: undefined }));

/** The tags that say something of the film, with their lines in a container. */
function linesOf(tags: readonly FilmTag[], container: 'MP4' | 'Matroska') {
  const limit = tagLimit();
  return tags
    .filter(({ name }) => OF_THE_FILE[name] !== '')
    .map((tag) => {
      const why = againstTag(tag) ?? limit(tag.value);
      const line = { place: 'movie', name: tag.name };
      const fate: MetadataFate =
        why === undefined
          ? { ...line, fate: 'converted', why: `written as a tag of ${container}` }
          : { ...line, fate: 'dropped', why };
      return { tag, fate };
    });
}

const againstTag = ({ name, value }: FilmTag): string | undefined =>
  value.length === 0 ? EMPTY : (OF_THE_FILE[name] ?? namesOldProgram(name, value));

/** A line for each name, whatever its languages. */
const linesOnce = (fates: readonly MetadataFate[]): readonly MetadataFate[] => [
  ...new Map(fates.map((fate) => [`${fate.name}\0${fate.fate}\0${fate.why}`, fate])).values(),
];

/**
 * Writes the tags of a film that is no MP4 as an MP4 or MOV has them: each as a key (QuickTime), known ones in iTunes' list as
 * well, where players and editors look, and the place as `©xyz` (QuickTime File Format, User Data and Metadata). What is no text
 * becomes a custom item of iTunes' list. A text in another language is a further value of its key.
 */
export function metadataOfTags(tags: readonly FilmTag[]): MetadataPlan {
  const lines = linesOf(tags, 'MP4');
  const fates = linesOnce(lines.map(({ fate }) => fate));
  const kept = lines.filter(({ fate }) => fate.fate === 'converted').map(({ tag }) => tag);
  if (kept.length === 0) return { boxes: [], fates };
  const texts = kept
    .flatMap(({ name, value, language }) => (typeof value === 'string' ? [{ name, value, language }] : []))
    .sort((a, b) => Number(a.language !== undefined) - Number(b.language !== undefined));
  const plain = [...new Map(texts.toReversed().map((tag) => [tag.name, tag])).values()].reverse();
  // of several places the first is where the film begins
  const places = plain.flatMap(({ name, value }) => (/^location(-|$)/.test(name) ? value.split('; ') : []));
  const place = places.find((value) => ISO_6709.test(value));
  const items = [
    ...plain.flatMap(({ name, value }) => itemFor(name, value)),
    ...kept.flatMap((tag) => (typeof tag.value === 'string' ? [] : [customItem(tag)])),
  ];
  // readers of iTunes' list take the first `meta` in `udta`; in the movie box, some read a `meta` as plain and some as full
  const udta = [
    ...(items.length > 0 ? [itemList(items)] : []),
    ...(texts.length > 0 ? [keysBox(texts)] : []),
    ...(place === undefined ? [] : [placeBox(place)]),
  ];
  const boxes: readonly MetadataBox[] = [{ place: 'movie', type: 'udta', bytes: newBox('udta', ...udta) }];
  return { boxes, fates };
}

/** Writes the tags of a film that is neither MP4 nor Matroska into Matroska. */
export function matroskaOfTags(tags: readonly FilmTag[]): {
  readonly tags: readonly WrittenTag[];
  readonly fates: readonly MetadataFate[];
} {
  const lines = linesOf(tags, 'Matroska');
  const kept = lines.filter(({ fate }) => fate.fate === 'converted').map(({ tag }) => tag);
  const written = kept.map(({ name, value, language }) => ({ as: tagName(name), value, language }));
  return { tags: written, fates: linesOnce(lines.map(({ fate }) => fate)) };
}

function itemFor(name: string, value: string): readonly Buffer[] {
  const text = TEXTS[name];
  if (text !== undefined) return [newBox(text, dataBox({ value, language: undefined }))];
  const number = NUMBERS[name];
  if (number === undefined || !/^\d{1,9}$/.test(value)) return [];
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Number(value));
  return [newBox(number, newBox('data', INTEGER, bytes))];
}

/** The type of an integer (21), and no language. */
const INTEGER = Buffer.from([0, 0, 0, 21, 0, 0, 0, 0]);

/** A custom item of iTunes' list, whose value may be any bytes. */
const customItem = ({ name, value, language }: FilmTag): Buffer =>
  newBox(
    '----',
    newBox('mean', FULL, Buffer.from('com.apple.iTunes', 'latin1')),
    newBox('name', FULL, Buffer.from(name, 'utf8')),
    dataBox({ value, language }),
  );

const FULL = Buffer.alloc(4);

const handler = (type: string) =>
  newBox('hdlr', Buffer.alloc(8), Buffer.from(type, 'latin1'), Buffer.alloc(12), Buffer.from('\0', 'latin1'));

/** iTunes' list of items, in a `meta` box of handler mdir. */
const itemList = (items: readonly Buffer[]): Buffer => newBox('meta', FULL, handler('mdir'), newBox('ilst', ...items));

/** QuickTime's keys and values, in a `meta` box of handler mdta. */
function keysBox(tags: readonly FilmTag[]): Buffer {
  const names = [...new Set(tags.map(({ name }) => name))];
  const count = Buffer.alloc(4);
  count.writeUInt32BE(names.length);
  const keys = names.map((name) => newBox('mdta', Buffer.from(name, 'utf8')));
  const byName = new Map<string, FilmTag[]>();
  for (const tag of tags) byName.set(tag.name, [...(byName.get(tag.name) ?? []), tag]);
  const values = names.map((name, i) => {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(i + 1);
    return newBox(index.toString('latin1'), ...(byName.get(name) ?? []).map(dataBox));
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
