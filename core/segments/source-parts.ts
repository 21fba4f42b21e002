import { type ByteRange, bytesIn, type FilePart, mergedRanges, rangesWithout } from '../bytes/byte-ranges.ts';
import { FIRST_PACKETS, type FileMap, type PacketPlaces } from '../film/file-map.ts';
import { type FrameIndex, HASH_BYTES, hashesOf, KEY } from '../film/frame-index.ts';
import type { PacketRange } from './segments.ts';

/** A film's file, and where everything in it lies. */
export type MappedFilm = {
  readonly bytes: number;
  readonly index: FrameIndex;
  readonly map: FileMap;
  readonly places: PacketPlaces;
};

/** What one segment is made of: its input packets, and where ffmpeg seeks for them; undefined: it reads from the beginning. */
export type SegmentNeed = { readonly packets: PacketRange; readonly seekSeconds: number | undefined };

/**
 * ffmpeg reads on behind the last packet that a segment needs: at most 16 pictures wait to be reordered, 16 threads decode a
 * picture each, and its queues hold some more.
 */
const READ_AHEAD = 48;
/** A seek in Matroska is moved to this much before the time that was asked for, if pictures are reordered. */
const EARLIER_SECONDS = 3 / 23;
/** How many keyframes more are read before a segment, if ffmpeg turned out to begin before the one that was expected. */
const MORE_KEYFRAMES = 2;
/** A film that would be read nearly whole, or in more ranges than this, is read whole. */
const NEARLY_WHOLE = 0.9;
const MOST_RANGES = 4096;
/** A packet of Matroska lies so much behind its place, which is that of its block, at most. */
const BLOCK_BYTES = 4096;
/** The first packets may be read a little further than was seen. */
const MORE_OPENING = 8;

/**
 * Returns the packets that ffmpeg reads for a segment: from the keyframe that it seeks to, up to some behind the last input
 * packet. `wider` is 0 for what is expected, and 1 for more on both sides.
 */
export function packetsRead({ packets, seekSeconds }: SegmentNeed, film: MappedFilm, wider: 0 | 1): PacketRange {
  const { index, map } = film;
  const tick = index.timeBase.num / index.timeBase.den;
  const earlier = map.reading !== 'packets' && isReordered(index) ? EARLIER_SECONDS : 0;
  const sought = seekSeconds === undefined ? undefined : (seekSeconds - earlier) / tick;
  const landing = sought === undefined ? 0 : lastKeyframe(index, packets.end, sought);
  let first = Math.min(packets.first, landing);
  for (let keyframes = wider * MORE_KEYFRAMES; keyframes > 0 && first > 0; ) {
    first--;
    if (isKey(index, first)) keyframes--;
  }
  return { first, end: Math.min(index.count, packets.end + READ_AHEAD * (1 + wider)) };
}

/**
 * What frames from the middle of a GOP are decoded from: the packets from the keyframe on that is sought, and not from the one
 * before it, as the pieces of a film are.
 */
export function fromSoughtKeyframe({ packets, seekSeconds }: SegmentNeed, { index }: MappedFilm): SegmentNeed {
  if (seekSeconds === undefined) return { packets, seekSeconds };
  const sought = lastKeyframe(index, packets.end, (seekSeconds * index.timeBase.den) / index.timeBase.num);
  return { packets: { ...packets, first: Math.max(packets.first, sought) }, seekSeconds };
}

/**
 * Returns the parts of a film's file that ffmpeg reads to open it and to decode these packets; the whole file if it cannot be
 * told, or would be hardly less. Parts with at most `gap` bytes in between are one.
 */
export function sourceParts(film: MappedFilm, packets: readonly PacketRange[], gap: number): readonly ByteRange[] {
  const { map, places, bytes } = film;
  const whole = [{ start: 0, end: bytes }];
  const opening = places.first.slice(0, map.openingPackets + MORE_OPENING);
  if (map.openingPackets > FIRST_PACKETS) return whole;
  const read = [...groupsOf(opening, film), ...packets.flatMap((range) => rangesOf(range, film))];
  if (map.reading === 'packets') read.push(...places.ofEach);
  if (read.some(({ start, end }) => !(end >= start))) return whole; // NaN, if a packet has no place
  const merged = mergedRanges([...map.index, ...read], bytes, gap);
  return merged.length > MOST_RANGES || bytesIn(merged) > bytes * NEARLY_WHOLE ? whole : merged;
}

/** A block of Matroska begins with this many bytes at most, which say whose packet it is. */
const BLOCK_HEAD_BYTES = 32;
/** So little between two holes is read along at first, and at most. */
const [LEAST_GAP, MOST_GAP] = [8 * 1024, 1024 * 1024];

/**
 * Returns the parts of a film's file without the picture's packets, except for `packets` of it: everything of the other
 * streams, so that ffmpeg finds them wherever they are. The whole file if hardly anything could be left out.
 */
export function partsBesidePicture(film: MappedFilm, packets: readonly PacketRange[]): readonly ByteRange[] {
  const { map, places, bytes } = film;
  const whole = [{ start: 0, end: bytes }];
  const wanted = sourceParts(film, packets, LEAST_GAP);
  if (map.reading === 'steppedClusters' || map.reading === 'stretches' || wanted[0]?.end === bytes) return whole;
  const head = map.reading === 'clusters' ? BLOCK_HEAD_BYTES : 0;
  const pictures = Array.from(places.positions, (start, i) => ({
    start: start + head,
    end: start + (places.sizes[i] ?? 0),
  }));
  if (pictures.some(({ start }) => Number.isNaN(start))) return whole;
  const besides = rangesWithout(whole, mergedRanges(pictures, bytes, 0));
  for (let gap = LEAST_GAP; gap <= MOST_GAP; gap *= 2) {
    const ranges = mergedRanges([...besides, ...wanted], bytes, gap);
    if (ranges.length <= MOST_RANGES) return bytesIn(ranges) > bytes * NEARLY_WHOLE ? whole : ranges;
  }
  return whole;
}

/**
 * Whether the packets that ffmpeg read, whose hashes are `found`, are those of the film from the segment's entry on. Fewer are
 * enough only at the film's end. What it read behind the last one that may matter is not compared.
 */
export function areThePackets(found: Uint8Array, read: PacketRange, needed: PacketRange, index: FrameIndex): boolean {
  for (let from = read.first; from <= needed.first; from++) if (areFrom(from, found, read.end, index)) return true;
  return false;
}

function areFrom(from: number, found: Uint8Array, end: number, index: FrameIndex): boolean {
  if (found.length < (end - from) * HASH_BYTES) return false;
  return hashesOf(index, from, end).every((byte, i) => byte === found[i]);
}

function rangesOf({ first, end }: PacketRange, film: MappedFilm): readonly ByteRange[] {
  const { positions, sizes } = film.places;
  const ranges: ByteRange[] = [];
  for (let i = first; i < end; i++) {
    const start = positions[i] ?? Number.NaN;
    ranges.push({ start, end: start + (sizes[i] ?? 0) });
  }
  return groupsOf(ranges, film);
}

/** Returns what is read for packets: they alone, or everything between the cluster with the first and the end of the last. */
function groupsOf(packets: readonly ByteRange[], { map }: MappedFilm): readonly ByteRange[] {
  if (map.reading === 'packets' || packets.length === 0) return packets;
  let [first, end] = [Number.POSITIVE_INFINITY, 0];
  for (const packet of packets) [first, end] = [Math.min(first, packet.start), Math.max(end, packet.end)];
  const cluster = map.clusters.findLast((start) => start <= first);
  const last = end + BLOCK_BYTES;
  return [{ start: cluster ?? Number.NaN, end: map.reading === 'clusters' ? last : elementAfter(last, map) }];
}

/** Where the first element at this place or behind it begins; the end of the file if there is none. */
function elementAfter(place: number, { clusters, index }: FileMap): number {
  const others = index.filter(({ start }) => start >= place).map(({ start }) => start);
  return Math.min(clusters.find((start) => start >= place) ?? Number.POSITIVE_INFINITY, ...others);
}

const VOID = 0xec;
const VOID_HEADER_BYTES = 9;

/**
 * Returns what stands at the beginning of each part that was not fetched where ffmpeg reads all clusters before the one that it
 * wants: the header of an element that says that nothing is there (RFC 8794, 11.3.2), as long as the part.
 */
export function voidsBetween({ map, bytes }: MappedFilm, fetched: readonly ByteRange[]): readonly FilePart[] {
  if (map.reading !== 'steppedClusters') return [];
  return rangesWithout([{ start: 0, end: bytes }], fetched).map(({ start, end }) => {
    const instead = Buffer.alloc(VOID_HEADER_BYTES);
    instead.writeUInt8(VOID, 0);
    instead.writeBigUInt64BE(BigInt(end - start - VOID_HEADER_BYTES), 1);
    instead.writeUInt8(1, 1); // the length of the size: seven bytes more
    return { start, end: start + VOID_HEADER_BYTES, instead };
  });
}

/** What readers of MP4 skip. */
const FREE = new TextEncoder().encode('free');

/**
 * Returns what stands in a file of parts instead of the names of an MP4's indexes of all fragments (`sidx`). By such an index
 * ffmpeg begins with a fragment before the one that it wants; without it, it walks from fragment to fragment to the right one.
 */
export const withoutIndexes = ({ map }: MappedFilm): readonly FilePart[] =>
  map.reading === 'packets' ? (map.junk ?? []).map((name) => ({ ...name, instead: FREE })) : [];

const isKey = ({ flags }: FrameIndex, packet: number): boolean => ((flags[packet] ?? 0) & KEY) !== 0;

/** The last keyframe before packet `before`, in the order of decoding, that is shown at this time or earlier. */
function lastKeyframe(index: FrameIndex, before: number, ticks: number): number {
  for (let packet = before - 1; packet > 0; packet--)
    if (isKey(index, packet) && (index.pts[packet] ?? 0) <= ticks) return packet;
  return 0;
}

const reordered = new WeakMap<FrameIndex, boolean>();

/** Whether pictures are shown in another order than that of decoding; found once for each index. */
function isReordered(index: FrameIndex): boolean {
  const known = reordered.get(index) ?? index.pts.some((time, i) => i > 0 && time < (index.pts[i - 1] ?? 0));
  reordered.set(index, known);
  return known;
}
