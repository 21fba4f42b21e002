import { boxBytes, boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import { isEmptySpace, oncePerKind } from './camera-boxes.ts';
import { type CoverFates, type CoversThere, fatesOfCovers } from './cover-fates.ts';
import { metaParts } from './meta-list.ts';
import { againstBox, EMPTY, type MetadataBox, type MetadataFate, NO_PLACE, nameOf } from './metadata.ts';
import {
  ARTWORK,
  isCoverItem,
  keyNames,
  moreOfAsset,
  type SaidTag,
  strayItem,
  strayNumbers,
  tagOfUdta,
  tagsOfMeta,
  xmlOfMeta,
} from './movie-tags.ts';
import { namesOldProgram } from './old-programs.ts';
import { tagLimit } from './tag-limits.ts';
import { hidesItem } from './tag-names.ts';
import { type TagValue, valuesOfItem } from './tag-values.ts';
import type { WrittenTag } from './written-tags.ts';

/** What the boxes of an MP4 or MOV say, as Matroska has it. */
type MovieInMatroska = {
  /** The tags of the film, and those of each track of the rendition by its number. */
  readonly film: readonly WrittenTag[];
  readonly tracks: ReadonlyMap<number, { readonly name: string | undefined; readonly tags: readonly WrittenTag[] }>;
  readonly fates: readonly MetadataFate[];
};

/** A tag with its line, and whether it belongs to a track of the rendition. */
type Said = { readonly track: number | undefined; readonly tag?: WrittenTag; readonly fate?: MetadataFate };

/** Decides what of a movie's boxes goes into Matroska, as tags and as names of tracks; `tracks` has the rendition's number of each track that is in it. */
export function movieInMatroska(
  found: readonly MetadataBox[],
  tracks: ReadonlyMap<number, number>,
  covers: CoversThere = [],
): MovieInMatroska {
  const limit = tagLimit();
  const coverFate = fatesOfCovers(covers, { fate: 'converted', why: IS_ATTACHED });
  const said = found.flatMap((box) => saidBy(box, { tracks, limit, coverFate }));
  const of = (track: number | undefined) =>
    said.flatMap((each) => (each.track === track && each.tag !== undefined ? [each.tag] : []));
  const numbers = new Set(said.flatMap(({ track }) => track ?? []));
  return {
    film: once(of(undefined)),
    tracks: new Map([...numbers].map((number) => [number, named(once(of(number)))])),
    fates: oncePerKind(said.flatMap(({ fate }) => fate ?? [])),
  };
}

function saidBy(
  { place, type, bytes, leftOut, name }: MetadataBox,
  { tracks, ...into }: Pick<At, 'limit' | 'coverFate'> & { readonly tracks: ReadonlyMap<number, number> },
): readonly Said[] {
  const track = typeof place === 'number' ? tracks.get(place) : undefined;
  if (typeof place === 'number' && track === undefined) return []; // the track's own line says why it is not there
  const where = typeof place === 'number' ? `track ${place}` : place;
  if (leftOut !== undefined)
    return [{ track, fate: { place: where, name: name ?? nameOf(type, bytes), fate: 'dropped', why: leftOut } }];
  const [udta] = type === 'udta' && bytes ? boxesOf(bytes, 0, bytes.length) : [];
  const inUdta = udta && bytes ? boxesOf(bytes, udta.body, udta.end).map((part) => boxBytes(bytes, part)) : [bytes];
  const parts = inUdta.filter((part) => !part || !isEmptySpace(part));
  return parts.flatMap((part) => linesOf(part, { type: udta ? undefined : type, where, track, ...into }));
}

type At = {
  readonly type: string | undefined;
  readonly where: string;
  readonly track: number | undefined;
  readonly limit: ReturnType<typeof tagLimit>;
  readonly coverFate: CoverFates;
};

/** The lines of a box beside the movie, or, without a type of its own, of one in `udta`. */
function linesOf(bytes: Buffer | undefined, at: At): readonly Said[] {
  const type = at.type ?? bytes?.toString('latin1', 4, 8) ?? '';
  const isInUdta = at.type === undefined;
  const [box] = bytes ? boxesOf(bytes, 0, bytes.length) : [];
  const dropped = (why: string): Said => ({
    track: at.track,
    fate: { place: at.where, name: nameOf(type, bytes), fate: 'dropped', why },
  });
  const why = againstBox(type, bytes, isInUdta);
  if (why !== undefined) return [dropped(why)];
  if (!bytes || !box) return [dropped(NO_PLACE)];
  if (type === 'meta') return inMeta(bytes, at);
  const said = isInUdta ? tagOfUdta(bytes, box) : undefined;
  const more = isInUdta ? moreOfAsset(bytes, box).flatMap((each) => asTags(each, at)) : [];
  if (said === undefined) return [dropped(type === 'loci' ? NOWHERE : NO_PLACE), ...more];
  return [...asTags(said, at), ...more];
}

const NOWHERE = 'it tells no place on Earth';

/** The items of a list; a cover is an attachment of the rendition, or its stream says where it is. */
function inMeta(bytes: Buffer, at: At): readonly Said[] {
  const { children } = metaParts(bytes);
  const covers = coversIn(bytes, children).map(
    (name): Said => ({ track: at.track, fate: { place: at.where, name, ...at.coverFate() } }),
  );
  const others = children.filter(({ type }) => !OF_LISTS.has(type)).flatMap((child) => besideList(bytes, child, at));
  const strays = strayNumbers(bytes, children).map(
    (number): Said => ({ track: at.track, fate: { place: at.where, ...strayItem(number) } }),
  );
  return [...tagsOfMeta(bytes, children).flatMap((said) => asTags(said, at)), ...covers, ...strays, ...others];
}

/** What a list consists of, and what only says how a `meta` box is laid out. */
const OF_LISTS: ReadonlySet<string> = new Set('hdlr keys ilst mhdr ctry lang dinf free skip wide'.split(' '));

/** What else a `meta` box holds: XML is a text, other things (tags in ID3's own form) are no tags of Matroska. */
function besideList(bytes: Buffer, child: MemoryBox, at: At): readonly Said[] {
  if (child.type === 'xml ') return asTags(xmlOfMeta(bytes, child), at);
  const name = nameOf(child.type, boxBytes(bytes, child));
  return [{ track: at.track, fate: { place: at.where, name, fate: 'dropped', why: NO_PLACE } }];
}

const IS_ATTACHED = 'covers are attachments of Matroska: see the streams';

/** The names of the covers of a list, those of QuickTime's keys included. */
function coversIn(bytes: Buffer, children: readonly MemoryBox[]): readonly string[] {
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  const names = keys && keyNames(bytes, keys);
  const items = list ? boxesOf(bytes, list.body, list.end) : [];
  const covers = items.filter((item) => isCoverItem(bytes, item, names));
  return covers.flatMap((item) => valuesOfItem(bytes, item).map(() => (names ? ARTWORK : item.type)));
}

/** A tag for each value, and one line for all of them, and one for those that are left out. */
function asTags({ name, as, values: told }: SaidTag, { where, track, limit }: At): readonly Said[] {
  const line = { place: where, name };
  const values = told.flatMap(partsOf);
  const [first] = values;
  const against =
    namesOldProgram(name, first?.value) ??
    (values.every(({ value }) => value.length === 0) ? EMPTY : undefined) ??
    (hidesItem(as) ? NO_PLACE : undefined);
  if (against !== undefined) return [{ track, fate: { ...line, fate: 'dropped', why: against } }];
  const judged = values.map((value) => ({ tag: { as, ...value }, why: limit(value.value) }));
  const kept = judged.filter(({ why }) => why === undefined);
  const why = judged.find((each) => each.why !== undefined)?.why;
  const isUnread = /^\u00a9/.test(name) && kept.some(({ tag }) => typeof tag.value !== 'string');
  const how = track !== undefined && as === 'TITLE' ? AS_NAME : isUnread ? AS_BYTES : AS_TAG;
  return [
    ...(kept.length > 0 ? [{ track, fate: { ...line, fate: 'converted', why: how } as const }] : []),
    ...(why === undefined ? [] : [{ track, fate: { ...line, fate: 'dropped', why } as const }]),
    ...kept.map(({ tag }): Said => ({ track, tag })),
  ];
}

/** A reader of Matroska takes a zero for the end of a text, by which some programs divide several. */
function partsOf({ value, language }: TagValue): readonly TagValue[] {
  if (typeof value !== 'string' || !value.includes('\0')) return [{ value, language }];
  return value
    .split(/\0+/)
    .filter((part) => part !== '')
    .map((part) => ({ value: part, language }));
}

const AS_TAG = 'written as a tag of Matroska';
const AS_BYTES = `${AS_TAG}, in bytes: the encoding of its text is not known here`;
const AS_NAME = 'written as the name of its track';

/** The list of iTunes and the keys of QuickTime mostly say the same. */
function once(tags: readonly WrittenTag[]): readonly WrittenTag[] {
  const keyOf = ({ as, value }: WrittenTag) =>
    typeof value === 'string' ? `${as}\0${value}` : `${as}\0\0${value.toString('base64')}`;
  const found = new Map<string, WrittenTag>();
  for (const tag of tags) {
    const before = found.get(keyOf(tag));
    // the list mostly tells no language, and the key does
    if (before?.language === undefined) found.set(keyOf(tag), before ? { ...before, language: tag.language } : tag);
  }
  const all = [...found.values()];
  // in MP4 the day on which a film came out is its date as well
  const released = new Set(all.filter(({ as }) => as === 'DATE_RELEASED').map(({ value }) => value));
  const isReleased = ({ as, value }: WrittenTag) => as === 'DATE' && released.has(value);
  return all.filter((tag) => !isReleased(tag));
}

/** The first title of a track is its name; others stay tags. */
function named(tags: readonly WrittenTag[]) {
  const title = tags.find(({ as, value }) => as === 'TITLE' && typeof value === 'string');
  return {
    name: typeof title?.value === 'string' ? title.value : undefined,
    tags: tags.filter((tag) => tag !== title),
  };
}
