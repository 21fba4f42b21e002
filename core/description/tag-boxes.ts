import { inFourBytes } from '../bytes/big-endian.ts';
import { newBox } from '../bytes/boxes.ts';
import type { FilmTag } from './film-tags.ts';
import { iso639 } from './language.ts';
import { EMPTY, type MetadataBox, type MetadataFate, type MetadataPlan } from './metadata.ts';
import { namesOldProgram } from './old-programs.ts';
import { tagLimit } from './tag-limits.ts';
import { boxFor, customOf, isOfList, isOutsideList, itemFor, tagName } from './tag-names.ts';
import { dataBox, itemData, type TagValue, userDataBox } from './tag-values.ts';
import type { WrittenTag } from './written-tags.ts';

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
    .filter((tag) => OF_THE_FILE[tag.name.toLowerCase()] !== '' || isNoDate(tag))
    .map((tag) => {
      const why = againstTag(tag) ?? limit(tag.value);
      const line = { place: 'movie', name: tag.name };
      const fate: MetadataFate =
        why === undefined
          ? { ...line, fate: 'converted', why: `written as a tag of ${container}${withoutScript(tag, container)}` }
          : { ...line, fate: 'dropped', why };
      return { tag, fate };
    });
}

/** A value of a key has a language of three letters, and a country. */
const withoutScript = ({ language = '' }: FilmTag, container: 'MP4' | 'Matroska'): string =>
  container === 'MP4' && /^[a-z]{2,3}[-_][a-z]{4}\b/i.test(language)
    ? `, whose languages have no script: ${language} becomes ${iso639(language) ?? 'und'}`
    : '';

const againstTag = ({ name, value }: FilmTag): string | undefined =>
  value.length === 0
    ? EMPTY
    : isNoDate({ name, value, language: undefined })
      ? 'it is no date'
      : (OF_THE_FILE[name.toLowerCase()] ?? namesOldProgram(name, value));

/** A time of creation that nobody can read, which ffmpeg leaves out. */
const isNoDate = ({ name, value }: FilmTag): boolean =>
  name.toLowerCase() === 'creation_time' && Number.isNaN(Date.parse(`${value}`));

/** A line for each name, whatever its languages. */
const linesOnce = (fates: readonly MetadataFate[]): readonly MetadataFate[] => [
  ...new Map(fates.map((fate) => [`${fate.name}\0${fate.fate}\0${fate.why}`, fate])).values(),
];

/**
 * Writes the tags of a film that is no MP4 as an MP4 or MOV has them: each as a key (QuickTime) and in iTunes' list, as the item that
 * says it or as a custom one, where players and editors look, and the place as `©xyz` (QuickTime File Format, User Data and Metadata).
 * Several values are several `data` boxes of their item and key. A text in another language is a further value of its key, and what
 * is no text is in the list alone.
 */
export function metadataOfTags(tags: readonly FilmTag[]): MetadataPlan {
  const lines = linesOf(tags, 'MP4');
  const fates = linesOnce(lines.map(({ fate }) => fate));
  const kept = lines.filter(({ fate }) => fate.fate === 'converted').map(({ tag }) => tag);
  if (kept.length === 0) return { boxes: [], fates };
  const texts = kept
    .filter(({ value }) => typeof value === 'string')
    .sort((a, b) => Number(a.language !== undefined) - Number(b.language !== undefined));
  const plain = byName(texts).map(({ name, values: [first, ...others] }) => ({
    name,
    values: [...(first ? [first] : []), ...others.filter(({ language }) => language === first?.language)],
  }));
  const bytes = byName(kept.filter(({ value }) => typeof value !== 'string'));
  // of several places the first is where the film begins
  const places = plain.flatMap(({ name, values }) => (/^location(-|$)/.test(name) ? textsOf(values) : []));
  const place = places.find((value) => ISO_6709.test(value));
  const isDated = plain.some(({ name }) => name === 'date');
  const items = [...plain, ...bytes].flatMap((tag) => itemsFor(tag, isDated));
  const keys = byName(texts.filter(({ name }) => !isOfList(name) && !name.startsWith('\u00a9')));
  // readers of iTunes' list take the first `meta` in `udta`; in the movie box, some read a `meta` as plain and some as full
  const udta = [
    ...(items.length > 0 ? [itemList(items)] : []),
    ...(keys.length > 0 ? [keysBox(keys)] : []),
    ...byName(texts).flatMap(({ name, values }) => textBox(name, values)),
    ...(place === undefined ? [] : [userDataBox('\u00a9xyz', [{ value: place, language: undefined }])]),
  ];
  const boxes: readonly MetadataBox[] = [{ place: 'movie', type: 'udta', bytes: newBox('udta', ...udta) }];
  return { boxes, fates };
}

/** The values of one name, in their order. */
type Values = { readonly name: string; readonly values: readonly TagValue[] };

function byName(tags: readonly FilmTag[]): readonly Values[] {
  const found = new Map<string, TagValue[]>();
  for (const { name, value, language } of tags) {
    const values = found.get(name);
    if (values) values.push({ value, language });
    else found.set(name, [{ value, language }]);
  }
  return [...found].map(([name, values]) => ({ name, values }));
}

const textsOf = (values: readonly TagValue[]): readonly string[] =>
  values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));

/** Writes the tags of a film that is neither MP4 nor Matroska into Matroska. */
export function matroskaOfTags(tags: readonly FilmTag[]): {
  readonly tags: readonly WrittenTag[];
  readonly fates: readonly MetadataFate[];
} {
  const lines = linesOf(tags, 'Matroska');
  const kept = lines.filter(({ fate }) => fate.fate === 'converted').map(({ tag }) => tag);
  const written = kept.map(({ name, value, language }) => ({ as: tagName(name).toUpperCase(), value, language }));
  return { tags: written, fates: linesOnce(lines.map(({ fate }) => fate)) };
}

/**
 * iTunes' item for a tag, and a custom one where there is none; what the item cannot say ("A1" of a track) is in the key alone. When a
 * film came out is its date where no other is told.
 */
function itemsFor({ name, values }: Values, isDated: boolean): readonly Buffer[] {
  if (isOutsideList(name)) return [];
  const type = !isDated && name === 'date_released' ? '\u00a9day' : itemFor(name);
  const said = values.flatMap(({ value }) => (type && itemData(type, value)) || []);
  if (type && said.length > 0) return [newBox(type, ...said)];
  const hasKey = values.every(({ value }) => typeof value === 'string');
  if (type && hasKey) return [];
  const { mean, name: custom } = customOf(name);
  const text = (box: string, value: string) => newBox(box, FULL, Buffer.from(value, 'utf8'));
  const all = values.map(({ value }) => dataBox({ value, language: undefined }));
  return [newBox('----', text('mean', mean), text('name', custom), ...all)];
}

/** A text of QuickTime's user data, whose length has two bytes. */
function textBox(name: string, values: readonly TagValue[]): readonly Buffer[] {
  const type = boxFor(name);
  return type === undefined ? [] : [userDataBox(type, values)];
}

const FULL = Buffer.alloc(4);

const handler = (type: string) =>
  newBox('hdlr', Buffer.alloc(8), Buffer.from(type, 'latin1'), Buffer.alloc(12), Buffer.from('\0', 'latin1'));

/** iTunes' list of items, in a `meta` box of handler mdir. */
const itemList = (items: readonly Buffer[]): Buffer => newBox('meta', FULL, handler('mdir'), newBox('ilst', ...items));

/** Returns QuickTime's keys and values, in a `meta` box of handler mdta. */
export function keysBox(tags: readonly Values[]): Buffer {
  const keys = tags.map(({ name }) => newBox('mdta', Buffer.from(name, 'utf8')));
  const values = tags.map((tag, i) => newBox(inFourBytes(i + 1).toString('latin1'), ...tag.values.map(dataBox)));
  return newBox(
    'meta',
    FULL,
    handler('mdta'),
    newBox('keys', FULL, inFourBytes(tags.length), ...keys),
    newBox('ilst', ...values),
  );
}
