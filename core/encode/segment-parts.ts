import { inEightBytes } from '../bytes/big-endian.ts';
import { childElements, childOf, dataOf, idBytesOf, idOf, newElement, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { uidOf } from '../description/matroska.ts';
import { laterChapters } from '../description/matroska-chapters.ts';
import { statisticsTag } from '../description/matroska-tags.ts';
import { withFields } from '../description/matroska-tracks.ts';
import type { MatroskaPlan } from './matroska-plan.ts';

/**
 * What was counted in the clusters, by the number of the track; times are in ticks of a millisecond, as ffmpeg writes them.
 * The blocks of a track with a delay were moved by it after ffmpeg noted when the track ends.
 */
type BlockCounts = ReadonlyMap<
  number,
  { readonly blocks: number; readonly bytes: number; readonly firstTicks: number; readonly delayTicks: number }
>;

const NANOSECONDS_IN_TICK = 1e6;
const TICKS_IN_SECOND = 1000;
/** The number of the picture's track. */
const PICTURE = 1;
/** A picture that begins one tick later than it was to begin was rounded. */
const ROUNDED_TICKS = 1;

/**
 * Returns the elements of a Segment's header that ffmpeg wrote with what the plan says, in their order, and with statistics
 * of the file's own tracks. They have no checksums, which are optional. `firstSeconds` is when the picture was to begin: the
 * chapters are as much later as it is.
 */
export function segmentParts(
  head: readonly Buffer[],
  plan: MatroskaPlan,
  { counts, firstSeconds }: { readonly counts: BlockCounts; readonly firstSeconds: number },
): readonly Buffer[] {
  const part = (id: number) => head.find((element) => idOf(element) === id);
  const [info, tracks, tags] = [part(MKV.Info), part(MKV.Tracks), part(MKV.Tags)];
  if (!info || !tracks) throw new Error('a Matroska file of our own has no Info or no Tracks');
  const written = childElements(tracks).filter((entry) => idOf(entry) === MKV.TrackEntry);
  const entries = written.map((entry, i) =>
    withFields(entry, plan.tracks[i] ?? { fields: [], video: [], isWhole: false }),
  );
  const own = tags ? childElements(tags).filter((tag) => idOf(tag) === MKV.Tag) : [];
  const statistics = entries.flatMap((entry, i) => statisticsOf(entry, endOf(written[i], own), counts));
  const all = [
    ...own.flatMap((tag) =>
      timecodeIn(tag, plan, entries[written.findIndex((entry) => uidOf(entry, MKV.TrackUID) === targetOf(tag))]),
    ),
    ...plan.tags,
    ...statistics,
  ];
  const chapters = plan.chapters ?? part(MKV.Chapters);
  return [
    newElement(MKV.Info, ...withTitle(info, plan)),
    newElement(MKV.Tracks, ...entries),
    ...(chapters ? [laterChapters(chapters, lateTicks(counts, firstSeconds) * NANOSECONDS_IN_TICK)] : []),
    ...(all.length > 0 ? [newElement(MKV.Tags, ...all)] : []),
  ];
}

function lateTicks(counts: BlockCounts, firstSeconds: number): number {
  const late = (counts.get(PICTURE)?.firstTicks ?? 0) - Math.round(firstSeconds * TICKS_IN_SECOND);
  return late > ROUNDED_TICKS ? late : 0;
}

/** ffmpeg takes for the film's title what is that of its series. */
function withTitle(info: Buffer, { title }: MatroskaPlan): readonly Buffer[] {
  const own = childElements(info).filter((field) => ![MKV.CRC32, MKV.Title].some((id) => id === idOf(field)));
  return [...own, ...(title ? [title] : [])];
}

function statisticsOf(entry: Buffer, endNanoseconds: number, counts: BlockCounts): readonly Buffer[] {
  const count = counts.get(Number(uintIn(childOf(entry, MKV.TrackNumber)) ?? 0));
  const uid = childOf(entry, MKV.TrackUID);
  if (!count || !uid) return [];
  const nanoseconds = Math.max(0, endNanoseconds - (count.firstTicks - count.delayTicks) * NANOSECONDS_IN_TICK);
  return [statisticsTag(dataOf(uid), { ...count, nanoseconds })];
}

/** When a track ends, which ffmpeg writes as a tag of it: "00:00:01.014000000". */
function endOf(entry: Buffer | undefined, tags: readonly Buffer[]): number {
  const uid = uidOf(entry, MKV.TrackUID);
  const values = tags.filter((tag) => targetOf(tag) === uid).flatMap(childElements);
  const duration = values.find((field) => nameIn(field) === 'DURATION');
  const [, hours, minutes, seconds] =
    /^(\d+):(\d+):([\d.]+)/.exec(textIn(duration && childOf(duration, MKV.TagString)) ?? '') ?? [];
  return Math.round((Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1e9);
}

const targetOf = (tag: Buffer): string => uidOf(childOf(tag, MKV.Targets), MKV.TagTrackUID);

const nameIn = (field: Buffer): string => textIn(childOf(field, MKV.TagName)) ?? '';

/** The time code and the reel among the tags that ffmpeg wrote, where the source's tags do not have them: it was told to write them. */
function timecodeIn(tag: Buffer, { hasTimecode, hasReel }: MatroskaPlan, entry: Buffer | undefined): readonly Buffer[] {
  const wanted = [...(hasTimecode ? [] : ['timecode']), ...(hasReel ? [] : ['reel_name'])];
  const fields = childElements(tag).filter((field) => wanted.includes(nameIn(field).toLowerCase()));
  const uid = entry && childOf(entry, MKV.TrackUID); // a track of the source has got its own id again
  const aimed = childElements(childOf(tag, MKV.Targets) ?? newElement(MKV.Targets));
  const others = aimed.filter((field) => !uid || idOf(field) !== MKV.TagTrackUID);
  const targets = newElement(MKV.Targets, ...others, ...(uid ? [newElement(MKV.TagTrackUID, dataOf(uid))] : []));
  return fields.length > 0 ? [newElement(MKV.Tag, targets, ...fields)] : [];
}

const BYTES_OF_ENTRY = 21;

/** The bytes of a list of this many positions. */
export const seekHeadBytes = (entries: number): number =>
  newElement(MKV.SeekHead, Buffer.alloc(entries * BYTES_OF_ENTRY)).length;

/** Where elements are, in bytes from where the Segment's data begins. Every position has 8 bytes, so that all lists of a length are of one size. */
export function seekHead(positions: readonly (readonly [id: number, position: number])[]): Buffer {
  const entries = positions.map(([id, position]) =>
    newElement(MKV.Seek, newElement(MKV.SeekID, idBytesOf(id)), newElement(MKV.SeekPosition, inEightBytes(position))),
  );
  return newElement(MKV.SeekHead, ...entries);
}
