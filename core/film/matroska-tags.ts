import { childElements, childOf, dataOf, idOf, newElement, textElement, textIn, uintElement, uintIn } from './ebml.ts';
import { MKV } from './matroska-ids.ts';
import type { MetadataFate } from './metadata.ts';
import { isServiceTag } from './service-tags.ts';

/** What a program counted of a track (Matroska, Tagging: statistics). */
export const STATISTICS = /^(_statistics_.*|bps|duration|number_of_frames|number_of_bytes|source_id)(-[a-z]{2,3})?$/i;

/** Which things of a source a rendition has, by their ids; a track that was encoded again is in `recoded` as well. */
type KeptThings = {
  readonly tracks: ReadonlySet<string>;
  readonly recoded: ReadonlySet<string>;
  readonly attachments: ReadonlySet<string>;
  readonly hasChapters: boolean;
};

type TagsPlan = { readonly tags: readonly Buffer[]; readonly fates: readonly MetadataFate[] };

const TARGET_IDS: readonly number[] = [MKV.TagTrackUID, MKV.TagEditionUID, MKV.TagChapterUID, MKV.TagAttachmentUID];

/**
 * Decides which tags of a Matroska file hold for a rendition in Matroska. They are copied with their targets. Left out are
 * those of tracks and attachments that are not there, what a program counted of the source's streams, and the names of the
 * programs that wrote them.
 */
export function carriedTags(tags: readonly Buffer[], kept: KeptThings): TagsPlan {
  const plans = tags.map((tag) => planOfTag(tag, kept));
  return { tags: plans.flatMap((plan) => plan.tags), fates: plans.flatMap(({ fates }) => fates) };
}

function planOfTag(tag: Buffer, kept: KeptThings): TagsPlan {
  const targets = childOf(tag, MKV.Targets);
  const aimed = targets ? childElements(targets) : [];
  const there = aimed.filter((field) => isThere(field, kept));
  const isLost = there.length < aimed.length && !there.some((field) => TARGET_IDS.includes(idOf(field)));
  if (isLost) return { tags: [], fates: [] }; // the line of the track or attachment says why it is not there
  const tracks = there.filter((field) => idOf(field) === MKV.TagTrackUID && idIn(field) !== '0').map(idIn);
  const isRecoded = tracks.length === 0 || tracks.some((uid) => kept.recoded.has(uid));
  const fates: MetadataFate[] = [];
  const simple = childElements(tag).filter((field) => {
    if (idOf(field) !== MKV.SimpleTag) return false;
    const name = textIn(childOf(field, MKV.TagName)) ?? '';
    const why = reasonAgainst(name, { isRecoded, isOfTrack: tracks.length > 0 });
    const isCounted = why === COUNTED;
    const line = { place: tracks.length > 0 ? 'track' : 'movie', name: isCounted ? 'statistics' : name };
    if (!isCounted || fates.every((fate) => fate.why !== COUNTED))
      fates.push(
        why === undefined
          ? { ...line, fate: 'kept', why: 'copied with its target' }
          : { ...line, fate: 'dropped', why },
      );
    return why === undefined;
  });
  if (simple.length === 0) return { tags: [], fates };
  return { tags: [newElement(MKV.Tag, newElement(MKV.Targets, ...there), ...simple)], fates };
}

export const COUNTED = 'they count the streams of the source; those of the rendition are counted anew';

/** Written into the file's header by the name of the film's creation, or naming programs that made other bytes. */
export function reasonAgainst(
  name: string,
  { isRecoded, isOfTrack }: { readonly isRecoded: boolean; readonly isOfTrack: boolean },
) {
  if (isOfTrack && STATISTICS.test(name)) return COUNTED;
  if (isRecoded && /^encoder(_settings)?$/i.test(name))
    return 'it names the encoder of streams that were encoded again';
  return undefined;
}

/** Whether tags have what a program counted of a track. */
export const countsTracks = (tags: readonly Buffer[]): boolean =>
  tags.some((tag) => {
    const targets = childOf(tag, MKV.Targets);
    const isOfTrack = targets !== undefined && childOf(targets, MKV.TagTrackUID) !== undefined;
    return isOfTrack && childElements(tag).some((field) => STATISTICS.test(textIn(childOf(field, MKV.TagName)) ?? ''));
  });

const idIn = (field: Buffer): string => dataOf(field).toString('hex').replace(/^0+/, '') || '0';

/** Whether a target is in the rendition; the id 0 means all of its kind. */
function isThere(field: Buffer, { tracks, attachments, hasChapters }: KeptThings): boolean {
  const id = idIn(field);
  switch (idOf(field)) {
    case MKV.TagTrackUID:
      return id === '0' || tracks.has(id);
    case MKV.TagAttachmentUID:
      return id === '0' || attachments.has(id);
    case MKV.TagEditionUID:
    case MKV.TagChapterUID:
      return hasChapters;
    default:
      return true;
  }
}

/** What was counted of a track of a finished file. */
type TrackCount = { readonly blocks: number; readonly bytes: number; readonly nanoseconds: number };

/** The statistics that players and mediainfo show of a track, as mkvmerge writes them. */
export function statisticsTag(trackUid: Buffer, { blocks, bytes, nanoseconds }: TrackCount): Buffer {
  const values = {
    BPS: `${nanoseconds > 0 ? Math.round((bytes * 8e9) / nanoseconds) : 0}`,
    DURATION: clockOf(nanoseconds),
    NUMBER_OF_FRAMES: `${blocks}`,
    NUMBER_OF_BYTES: `${bytes}`,
  };
  const all = { ...values, _STATISTICS_WRITING_APP: 'reelmill', _STATISTICS_TAGS: Object.keys(values).join(' ') };
  return newElement(
    MKV.Tag,
    newElement(MKV.Targets, newElement(MKV.TagTrackUID, trackUid)),
    ...Object.entries(all).map(([name, value]) => simpleTag(name, value)),
  );
}

const simpleTag = (name: string, value: string): Buffer =>
  newElement(MKV.SimpleTag, textElement(MKV.TagName, name), textElement(MKV.TagString, value));

function clockOf(nanoseconds: number): string {
  const seconds = Math.floor(nanoseconds / 1e9);
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, '0');
  const rest = `${Math.round(nanoseconds - seconds * 1e9)}`.padStart(9, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`;
}

/** Matroska's levels of a film, a season and a series (Matroska, Tagging: TargetTypeValue). */
const [SERIES, SEASON, FILM] = [70, 60, 50];

/** The names that a target makes of a tag: as TITLE of a series it is the show. */
const BY_LEVEL: Readonly<Record<string, string>> = {
  [`${SERIES} title`]: 'show',
  [`${SEASON} part_number`]: 'season_number',
  [`${FILM} part_number`]: 'episode_sort',
};
const LEVELS: ReadonlyMap<string, readonly [number, string]> = new Map([
  ['show', [SERIES, 'TITLE']],
  ['season_number', [SEASON, 'PART_NUMBER']],
  ['episode_sort', [FILM, 'PART_NUMBER']],
]);

/**
 * Returns the tags of the whole film by the names that other containers have for them. What describes a season or a series
 * and has no name of its own there begins with its level: "season/artist".
 */
export function flatTags(tags: readonly Buffer[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const tag of tags) {
    const targets = childOf(tag, MKV.Targets);
    const aimed = targets ? childElements(targets) : [];
    if (aimed.some((field) => TARGET_IDS.includes(idOf(field)) && idIn(field) !== '0')) continue;
    const level = Number(uintIn(targets && childOf(targets, MKV.TargetTypeValue)) ?? FILM);
    for (const [name, value] of valuesIn(tag, '')) {
      const known = BY_LEVEL[`${level} ${name}`] ?? (level === FILM ? name : `${LEVEL_NAMES[level] ?? level}/${name}`);
      const before = found.get(known);
      found.set(known, before === undefined || before === value ? value : `${before}; ${value}`);
    }
  }
  return Object.fromEntries(found);
}

const LEVEL_NAMES: Readonly<Record<number, string>> = {
  70: 'collection',
  60: 'season',
  40: 'part',
  30: 'chapter',
  20: 'scene',
  10: 'shot',
};

function valuesIn(tag: Buffer, prefix: string): readonly (readonly [string, string])[] {
  return childElements(tag).flatMap((field) => {
    if (idOf(field) !== MKV.SimpleTag) return [];
    const name = `${prefix}${(textIn(childOf(field, MKV.TagName)) ?? '').toLowerCase()}`;
    const value = textIn(childOf(field, MKV.TagString));
    return [...(value === undefined || name === '' ? [] : [[name, value] as const]), ...valuesIn(field, `${name}/`)];
  });
}

/** The tags by which Matroska's readers know a show, a season and an episode, for tags that other containers have by name. */
export function levelTags(tags: Readonly<Record<string, string>>): readonly Buffer[] {
  return Object.entries(tags).flatMap(([name, value]) => {
    if (isServiceTag(name)) return [newElement(MKV.Tag, newElement(MKV.Targets), simpleTag(name.toUpperCase(), value))];
    const [level, as] = LEVELS.get(name) ?? [];
    if (level === undefined || as === undefined) return [];
    const targets = newElement(MKV.Targets, uintElement(MKV.TargetTypeValue, level));
    return [newElement(MKV.Tag, targets, simpleTag(as, value))];
  });
}
