import { inFourBytes } from './big-endian.ts';
import { behindDates, boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox, withBox } from './boxes.ts';
import { editListBox, editsIn, shiftedEdits, type TrackEdit } from './edit-list-box.ts';
import { offsetTable } from './sample-order.ts';

/** Where a track of a source goes in the movie of a rendition. */
type TrackPlace = {
  readonly id: number;
  /** Ticks a second of the source's movie, and of the rendition's. */
  readonly movieScale: { readonly from: number; readonly to: number };
  /** How much later the rendition shows the track than the source does. */
  readonly shiftSeconds: number;
  /** The rendition's numbers of tracks, by the source's, for references between tracks. */
  readonly ids: ReadonlyMap<number, number>;
  /** Where its chunks begin in the rendition. */
  readonly offsets: readonly number[];
};

/** Describes the positions of samples in a file, which change. Sizes and times stay as they are. */
const OF_POSITIONS: ReadonlySet<string> = new Set(['stco', 'co64', 'saio', 'saiz']);

/**
 * Returns a `trak` box of a source as it belongs into a rendition: with its descriptions, times and sizes byte for byte, and
 * another number, other positions and an edit list in the rendition's ticks. Undefined where it has no header to be read.
 */
export function placedTrack(trak: Buffer, place: TrackPlace): Buffer | undefined {
  const [whole] = boxesOf(trak, 0, trak.length);
  const tkhd = whole && boxByPath(trak, whole, 'tkhd');
  const mdhd = whole && boxByPath(trak, whole, 'mdia', 'mdhd');
  const timescale = mdhd && scaleIn(trak, mdhd);
  if (!whole || !tkhd || tkhd.end - tkhd.body < (isWide(trak, tkhd) ? 96 : 84) || !timescale) return undefined;
  const { from, to } = place.movieScale;
  const toMovie = (ticks: number) => Math.ceil((ticks * to) / from);
  const elst = boxByPath(trak, whole, 'edts', 'elst');
  const known: readonly TrackEdit[] | undefined = elst
    ? editsIn(trak, elst)
    : [{ lasts: lengthIn(trak, tkhd), from: 0 }];
  if (!known) return undefined;
  const edits = shiftedEdits(
    known.map(({ lasts, ...edit }) => ({ ...edit, lasts: toMovie(lasts) })),
    { ticks: Math.round(place.shiftSeconds * to), movieScale: to, timescale },
  );
  const isPlain = !elst && edits.length === 1 && edits[0]?.from === 0;
  const lasts = edits.reduce((sum, edit) => sum + edit.lasts, 0);
  const placed = withBox(trak, whole, ['mdia', 'minf', 'stbl'], (stbl) => {
    const kept = boxesOf(trak, stbl.body, stbl.end).filter(({ type }) => !OF_POSITIONS.has(type));
    return newBox('stbl', ...kept.map((box) => boxBytes(trak, box)), offsetTable(place.offsets));
  });
  const [made] = boxesOf(placed, 0, placed.length);
  const parts = boxesOf(placed, made?.body ?? 0, made?.end ?? 0).flatMap((box) => {
    if (box.type === 'tkhd')
      return [
        trackHeader(placed, box, { id: place.id, lasts }),
        ...(isPlain ? [] : [newBox('edts', editListBox(edits))]),
      ];
    if (box.type === 'edts') return [];
    return box.type === 'tref' ? references(placed, box, place.ids) : [boxBytes(placed, box)];
  });
  return newBox('trak', ...parts);
}

/** Returns a movie box with more tracks at its end, the header's next number and its length according to them. */
export function withTracks(moov: Buffer, tracks: readonly Buffer[]): Buffer {
  const movie = movieIn(moov);
  const children = boxesOf(moov, movie.body, movie.end);
  const last = children.findLastIndex(({ type }) => type === 'trak');
  const own = children.filter(({ type }) => type === 'trak').map((box) => boxBytes(moov, box));
  const all = [...own, ...tracks];
  const longest = Math.max(0, ...all.map(lengthOfTrack));
  const next = 1 + Math.max(0, ...all.map(trackNumber));
  const parts = children.flatMap((box, i) => {
    const bytes = box.type === 'mvhd' ? withLength(moov, box, { longest, next }) : boxBytes(moov, box);
    return i === last ? [bytes, ...tracks] : [bytes];
  });
  return newBox('moov', ...parts);
}

/** Returns the number of a track by its `trak` box; 0 where it has none. */
export function trackNumber(trak: Buffer): number {
  const tkhd = headerOf(trak);
  return tkhd && tkhd.end - tkhd.body >= 24 ? trak.readUInt32BE(behindDates(trak, tkhd.body)) : 0;
}

/** Returns the ticks a second of `mvhd` or `mdhd`; 0 where there is no such number. */
export function scaleIn(bytes: Buffer, box: MemoryBox): number {
  const at = behindDates(bytes, box.body);
  return at + 4 <= box.end ? bytes.readUInt32BE(at) : 0;
}

const isWide = (bytes: Buffer, { body, end }: MemoryBox) => body < end && bytes.readUInt8(body) === 1;

function headerOf(trak: Buffer): MemoryBox | undefined {
  const [whole] = boxesOf(trak, 0, trak.length);
  return whole && boxByPath(trak, whole, 'tkhd');
}

function lengthOfTrack(trak: Buffer): number {
  const tkhd = headerOf(trak);
  return tkhd ? lengthIn(trak, tkhd) : 0;
}

/** Reads the length of a track in ticks of the movie; one that is not known counts as none. */
function lengthIn(bytes: Buffer, tkhd: MemoryBox): number {
  const wide = isWide(bytes, tkhd);
  const at = tkhd.body + (wide ? 28 : 20);
  if (at + (wide ? 8 : 4) > tkhd.end) return 0;
  const lasts = wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
  return lasts === 0xffff_ffff || !Number.isSafeInteger(lasts) ? 0 : lasts;
}

const MOST_IN_32_BITS = 0xffff_ffff;

/** Returns a track's header with another number and length: in version 1, whose times have 64 bits, only where the length needs them. */
export function trackHeader(
  bytes: Buffer,
  tkhd: MemoryBox,
  { id, lasts }: { readonly id: number; readonly lasts: number },
): Buffer {
  const wide = isWide(bytes, tkhd);
  const flags = bytes.readUInt32BE(tkhd.body) & 0xff_ffff;
  const times = wide
    ? [bytes.readBigUInt64BE(tkhd.body + 4), bytes.readBigUInt64BE(tkhd.body + 12)]
    : [BigInt(bytes.readUInt32BE(tkhd.body + 4)), BigInt(bytes.readUInt32BE(tkhd.body + 8))];
  const rest = bytes.subarray(tkhd.body + (wide ? 36 : 24), tkhd.end);
  const needsWide = [...times, BigInt(lasts)].some((value) => value >= BigInt(MOST_IN_32_BITS));
  const number = (value: bigint) => {
    const field = Buffer.alloc(needsWide ? 8 : 4);
    if (needsWide) field.writeBigUInt64BE(value);
    else field.writeUInt32BE(Number(value));
    return field;
  };
  const head = inFourBytes(needsWide ? flags + 0x0100_0000 : flags);
  return newBox('tkhd', head, ...times.map(number), inFourBytes(id, 0), number(BigInt(lasts)), rest);
}

/** The references of a track, without those to tracks that the rendition does not have. */
function references(bytes: Buffer, tref: MemoryBox, ids: ReadonlyMap<number, number>): readonly Buffer[] {
  const kept = boxesOf(bytes, tref.body, tref.end).flatMap(({ type, body, end }) => {
    const numbers = Array.from({ length: Math.floor((end - body) / 4) }, (_, i) =>
      ids.get(bytes.readUInt32BE(body + 4 * i)),
    ).filter((id) => id !== undefined);
    return numbers.length > 0 ? [newBox(type, inFourBytes(...numbers))] : [];
  });
  return kept.length > 0 ? [newBox('tref', ...kept)] : [];
}

function withLength(
  moov: Buffer,
  mvhd: MemoryBox,
  { longest, next }: { readonly longest: number; readonly next: number },
): Buffer {
  const bytes = Buffer.from(boxBytes(moov, mvhd));
  const wide = isWide(moov, mvhd);
  const at = mvhd.body - mvhd.start + (wide ? 24 : 16);
  if (wide) bytes.writeBigUInt64BE(BigInt(Math.max(longest, Number(bytes.readBigUInt64BE(at)))), at);
  else if (longest < MOST_IN_32_BITS) bytes.writeUInt32BE(Math.max(longest, bytes.readUInt32BE(at)), at);
  bytes.writeUInt32BE(next, bytes.length - 4);
  return bytes;
}
