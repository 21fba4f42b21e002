import { childElements, childOf, dataOf, idOf, newElement, textElement, textIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { MetadataFate } from './metadata.ts';
import { namesOldForm, OLD_PROGRAM } from './old-programs.ts';

/** What a program counted of a track (Matroska, Tagging: statistics). */
export const STATISTICS = /^(_statistics_.*|bps|duration|number_of_frames|number_of_bytes|source_id)(-[a-z]{2,3})?$/i;

/** Which things of a source a rendition has, by their ids; a track that was encoded again is in `recoded` as well. */
type KeptThings = {
  readonly tracks: ReadonlySet<string>;
  readonly recoded: ReadonlySet<string>;
  readonly attachments: ReadonlySet<string>;
  readonly hasChapters: boolean;
  /** The ids of everything in the source that a tag can belong to. */
  readonly ofSource: ThingsOfSource;
};

/** The ids of tracks, attachments, editions and chapters, by the elements that name them in a tag. */
export type ThingsOfSource = ReadonlyMap<number, ReadonlySet<string>>;

type TagsPlan = { readonly tags: readonly Buffer[]; readonly fates: readonly MetadataFate[] };

export const TARGET_IDS: readonly number[] = [
  MKV.TagTrackUID,
  MKV.TagEditionUID,
  MKV.TagChapterUID,
  MKV.TagAttachmentUID,
];

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
  if (isLost) return { tags: [], fates: fatesOfLost(tag, aimed, kept.ofSource) };
  const tracks = there.filter((field) => idOf(field) === MKV.TagTrackUID && idIn(field) !== '0').map(idIn);
  const isRecoded = tracks.length === 0 || tracks.some((uid) => kept.recoded.has(uid));
  const fates: MetadataFate[] = [];
  let hasCounts = false;
  const simple = childElements(tag).filter((field) => {
    if (idOf(field) !== MKV.SimpleTag) return false;
    const name = textIn(childOf(field, MKV.TagName)) ?? '';
    const why = reasonAgainst(name, { isRecoded, isOfTrack: tracks.length > 0 });
    const isCounted = why === COUNTED;
    const line = { place: tracks.length > 0 ? 'track' : 'movie', name: isCounted ? 'statistics' : name };
    if (!isCounted || !hasCounts)
      fates.push(
        why === undefined
          ? { ...line, fate: 'kept', why: 'copied with its target' }
          : { ...line, fate: 'dropped', why },
      );
    hasCounts ||= isCounted;
    return why === undefined;
  });
  if (simple.length === 0) return { tags: [], fates };
  return { tags: [newElement(MKV.Tag, newElement(MKV.Targets, ...there), Buffer.concat(simple))], fates };
}

/** The line of a track or an attachment says why it is not there; what no thing of the source is meant by has lines of its own. */
function fatesOfLost(tag: Buffer, aimed: readonly Buffer[], ofSource: ThingsOfSource): readonly MetadataFate[] {
  const why = aimsAtNothing(aimed, ofSource);
  if (why === undefined) return [];
  return childElements(tag).flatMap((field) =>
    idOf(field) === MKV.SimpleTag
      ? [{ place: 'movie', name: textIn(childOf(field, MKV.TagName)) ?? '', fate: 'dropped' as const, why }]
      : [],
  );
}

/** Why a tag holds for nothing: all that it names by an id is not in its own file. Undefined for every other tag. */
export function aimsAtNothing(aimed: readonly Buffer[], ofSource: ThingsOfSource): string | undefined {
  const named = aimed.filter((field) => TARGET_IDS.includes(idOf(field)) && idIn(field) !== '0');
  const isUnread = ofSource.get(MKV.TagTrackUID)?.size === 0; // tracks and attachments behind damage
  const isAbsent = (field: Buffer) =>
    isUnread && [MKV.TagTrackUID, MKV.TagAttachmentUID].some((id) => id === idOf(field))
      ? false
      : !ofSource.get(idOf(field))?.has(idIn(field));
  const isNowhere = named.length > 0 && named.every(isAbsent);
  if (!isNowhere) return undefined;
  return 'it belongs to a track, chapter, edition or attachment that the source does not have';
}

/** Whether a file has a tag of this name, in small letters, of the film or of a part of it. */
export const hasTagNamed = (found: { readonly tags: readonly Buffer[] } | undefined, name: string): boolean =>
  (found?.tags ?? []).some((tag) =>
    childElements(tag).some((field) => textIn(childOf(field, MKV.TagName))?.toLowerCase() === name),
  );

export const COUNTED = 'they count the streams of the source; those of the rendition are counted anew';

/** Written into the file's header by the name of the film's creation, or naming programs that made other bytes. */
export function reasonAgainst(
  name: string,
  { isRecoded, isOfTrack }: { readonly isRecoded: boolean; readonly isOfTrack: boolean },
) {
  if (isOfTrack && STATISTICS.test(name)) return COUNTED;
  if (isRecoded && /^encoder(_settings)?$/i.test(name)) return OLD_PROGRAM;
  return namesOldForm(name);
}

/** Whether tags have what a program counted of a track. */
export const countsTracks = (tags: readonly Buffer[]): boolean =>
  tags.some((tag) => {
    const targets = childOf(tag, MKV.Targets);
    const isOfTrack = targets !== undefined && childOf(targets, MKV.TagTrackUID) !== undefined;
    return isOfTrack && childElements(tag).some((field) => STATISTICS.test(textIn(childOf(field, MKV.TagName)) ?? ''));
  });

/** Returns the unique id in a target of Matroska tags, as hexadecimal digits without leading zeros, since it may need 64 bits. */
export const idIn = (field: Buffer): string => dataOf(field).toString('hex').replace(/^0+/, '') || '0';

/** Whether a target is in the rendition; the id 0 means all of its kind. */
function isThere(field: Buffer, { tracks, attachments, hasChapters, ofSource }: KeptThings): boolean {
  const id = idIn(field);
  switch (idOf(field)) {
    case MKV.TagTrackUID:
      return id === '0' || tracks.has(id);
    case MKV.TagAttachmentUID:
      return id === '0' || attachments.has(id);
    case MKV.TagEditionUID:
    case MKV.TagChapterUID:
      return hasChapters && (id === '0' || ofSource.get(idOf(field))?.has(id) === true);
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
