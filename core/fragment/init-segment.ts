import { inEightBytes, inFourBytes } from '../bytes/big-endian.ts';
import { type MemoryBox, newBox } from '../bytes/boxes.ts';
import type { SourceMovie, SourceTrack } from './movie.ts';
import { boxInside, childrenInside, type MovieBytes } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';
import { soundEntry } from './sound-entry.ts';
import { GROUPINGS } from './track-tables.ts';

/** A track as the header describes it: `skippedTicks` of its beginning come before the film. */
type HeaderTrack = { readonly source: SourceTrack; readonly skippedTicks: number };

/**
 * Returns the header of the fragmented file (ftyp and moov): the source's movie box with the tracks that are kept, without
 * their samples, and with what fragments are described by (mvex). `seconds` is the length of the film.
 */
export function initSegment(
  { movie, box, timescale }: SourceMovie,
  tracks: readonly HeaderTrack[],
  seconds: number,
): Buffer {
  const parts = childrenInside(movie, box).flatMap((child) => {
    if (child.type === 'mvhd') return [withoutDuration(movie, child, 16)];
    if (child.type === 'trak') {
      const track = tracks.find(({ source }) => source.box.start === child.start);
      return track ? [headerTrack(movie, track)] : [];
    }
    return isKeptTag(child) ? [bytesOf(movie, child)] : [];
  });
  const extends_ = newBox(
    'mvex',
    newBox('mehd', Buffer.from([1, 0, 0, 0]), inEightBytes(Math.ceil(seconds * timescale))),
    ...tracks.map(({ source }) => newBox('trex', inFourBytes(0, source.id, 1, 0, 0, 0))),
  );
  return Buffer.concat([fileType(tracks.length), newBox('moov', ...parts, extends_)]);
}

/** `iso6` has all that these files are made of; `cmfc` (CMAF) is for files of a single track alone. */
const fileType = (tracks: number) =>
  newBox('ftyp', Buffer.from(`iso6\0\0\0\0iso6${tracks === 1 ? 'cmfc' : ''}mp41`, 'latin1'));

/** Covers among the tags have megabytes, which would come before the first picture. */
const MOST_TAG_BYTES = 16 * 1024;
/** Marks of a sphere (Spherical Video V1) are such a box. */
const MOST_UUID_BYTES = 64 * 1024;

const isKeptTag = ({ type, start, end }: MemoryBox) =>
  ((type === 'udta' || type === 'meta') && end - start <= MOST_TAG_BYTES) ||
  (type === 'uuid' && end - start <= MOST_UUID_BYTES);

function headerTrack(movie: MovieBytes, { source, skippedTicks }: HeaderTrack): Buffer {
  const parts = childrenInside(movie, source.box).flatMap((child) => {
    if (child.type === 'tkhd') return [enabled(withoutDuration(movie, child, 20)), ...editList(skippedTicks)];
    if (child.type === 'mdia') return [headerMedia(movie, child, source.kind)];
    return isKeptTag(child) ? [bytesOf(movie, child)] : [];
  });
  return newBox('trak', ...parts);
}

/** Players of fragments subtract the media time of the first edit, and ignore all else of the list. */
function editList(skippedTicks: number): readonly Buffer[] {
  if (skippedTicks <= 0) return [];
  const elst = newBox(
    'elst',
    Buffer.from([1, 0, 0, 0]),
    inFourBytes(1),
    inEightBytes(0),
    inEightBytes(skippedTicks),
    inFourBytes(0x1_0000),
  );
  return [newBox('edts', elst)];
}

const headerMedia = (movie: MovieBytes, mdia: MemoryBox, kind: SourceTrack['kind']): Buffer =>
  newBox(
    'mdia',
    ...childrenInside(movie, mdia).map((child) => {
      if (child.type === 'mdhd') return withoutDuration(movie, child, 16);
      return child.type === 'minf' ? headerInformation(movie, child, kind) : bytesOf(movie, child);
    }),
  );

const headerInformation = (movie: MovieBytes, minf: MemoryBox, kind: SourceTrack['kind']): Buffer =>
  newBox(
    'minf',
    ...childrenInside(movie, minf).map((child) =>
      child.type === 'stbl' ? emptyTables(movie, child, kind) : bytesOf(movie, child),
    ),
  );

/** Returns the descriptions of samples and of their groups, and tables without samples. */
function emptyTables(movie: MovieBytes, stbl: MemoryBox, kind: SourceTrack['kind']): Buffer {
  const stsd = boxInside(movie, stbl, 'stsd');
  const groups = childrenInside(movie, stbl).filter(
    ({ type, body, end }) =>
      type === 'sgpd' && end - body >= 8 && GROUPINGS.includes(movie.bytes.toString('latin1', body + 4, body + 8)),
  );
  return newBox(
    'stbl',
    ...(stsd ? [descriptions(movie, stsd, kind)] : []),
    ...['stts', 'stsc', 'stco'].map((type) => newBox(type, inFourBytes(0, 0))),
    newBox('stsz', inFourBytes(0, 0, 0)),
    ...groups.map((group) => bytesOf(movie, group)),
  );
}

function descriptions(movie: MovieBytes, stsd: MemoryBox, kind: SourceTrack['kind']): Buffer {
  if (kind === 'picture') return bytesOf(movie, stsd);
  const head = movie.bytes.subarray(stsd.body, stsd.body + 8);
  return newBox('stsd', head, ...childrenInside(movie, stsd, 8).map((entry) => soundEntry(movie, entry)));
}

/** Returns a copy of a header box with its duration set to 0: the header has no samples. In version 1 times have 64 bits. */
function withoutDuration({ bytes }: MovieBytes, { type, start, body, end }: MemoryBox, at: number): Buffer {
  const copy = Buffer.from(bytes.subarray(start, end));
  const isLong = bytes[body] === 1;
  const from = body - start + (isLong ? at + 8 : at);
  const to = from + (isLong ? 8 : 4);
  if (to > copy.length) throw unfragmentable(`its box ${type} is shorter than its version says`);
  copy.fill(0, from, to);
  return copy;
}

/** Marks a track as enabled and as part of the movie, since a player may have asked for one that is not. */
function enabled(tkhd: Buffer): Buffer {
  tkhd.writeUInt32BE((tkhd.readUInt32BE(8) | 3) >>> 0, 8);
  return tkhd;
}

const bytesOf = ({ bytes }: MovieBytes, { start, end }: MemoryBox): Buffer => bytes.subarray(start, end);
