import { behindDates, boxByPath, boxBytes, boxesOf, type MemoryBox, newBox } from './boxes.ts';

/** One reference of a segment index: the size of a fragment, and how long it is shown in ticks of its track. */
type IndexReference = {
  readonly bytes: number;
  readonly ticks: number;
  /** Whether decoding can begin with this fragment. */
  readonly startsWithAccessPoint: boolean;
};

export type TrackIndex = {
  readonly track: number;
  readonly timescale: number;
  /** When the first referenced sample is shown. */
  readonly earliestTicks: number;
  /** Bytes between the end of this box and the first referenced one. */
  readonly firstOffset: number;
  readonly references: readonly IndexReference[];
};

/** A `sidx` box counts its references in 16 bits. */
export const MOST_REFERENCES = 65_535;

const INDEX_HEADER_BYTES = 40;
const REFERENCE_BYTES = 12;
const ACCESS_POINT_OF_TYPE_1 = 0x9000_0000;

/** Returns the length of a segment index box with so many references, in bytes. */
export const indexBytes = (references: number): number => INDEX_HEADER_BYTES + REFERENCE_BYTES * references;

/** Returns a segment index box of version 1 (sidx, ISO/IEC 14496-12 8.16.3). */
export function indexBox({ track, timescale, earliestTicks, firstOffset, references }: TrackIndex): Buffer {
  const head = Buffer.alloc(INDEX_HEADER_BYTES - 8);
  head.writeUInt32BE(0x0100_0000, 0);
  head.writeUInt32BE(track, 4);
  head.writeUInt32BE(timescale, 8);
  head.writeBigUInt64BE(BigInt(earliestTicks), 12);
  head.writeBigUInt64BE(BigInt(firstOffset), 20);
  head.writeUInt16BE(references.length, 30);
  const rows = references.map(({ bytes, ticks, startsWithAccessPoint }) => {
    const row = Buffer.alloc(REFERENCE_BYTES);
    row.writeUInt32BE(bytes, 0);
    row.writeUInt32BE(ticks, 4);
    row.writeUInt32BE(startsWithAccessPoint ? ACCESS_POINT_OF_TYPE_1 : 0, 8);
    return row;
  });
  return newBox('sidx', head, ...rows);
}

/**
 * Returns `ftyp` and `moov` without empty edits (edits that show nothing at first), since streaming players ignore them; the
 * caller adds their time to `tfdt`. An edit list without any other edit is removed.
 */
export const withoutEmptyEdits = (init: Buffer): Buffer =>
  withMovie(init, (moov) => withTracks(init, moov, (track) => trackWithoutEmptyEdit(init, track)));

/** Returns `ftyp` and `moov` with one track alone, for players that fetch each track by itself. */
export const initOfTrack = (init: Buffer, id: number): Buffer =>
  withMovie(init, (moov) => {
    const parts = boxesOf(init, moov.body, moov.end).flatMap((box) => {
      if (box.type === 'trak') return trackId(init, box) === id ? [boxBytes(init, box)] : [];
      if (box.type !== 'mvex') return [boxBytes(init, box)];
      const defaults = boxesOf(init, box.body, box.end).filter(
        (each) => each.type !== 'trex' || init.readUInt32BE(each.body + 4) === id,
      );
      return [newBox('mvex', ...defaults.map((each) => boxBytes(init, each)))];
    });
    return newBox('moov', ...parts);
  });

function withMovie(init: Buffer, change: (moov: MemoryBox) => Buffer): Buffer {
  const boxes = boxesOf(init, 0, init.length).filter(({ type }) => type === 'ftyp' || type === 'moov');
  return Buffer.concat(boxes.map((box) => (box.type === 'moov' ? change(box) : boxBytes(init, box))));
}

const withTracks = (init: Buffer, moov: MemoryBox, change: (track: MemoryBox) => Buffer): Buffer =>
  newBox(
    'moov',
    ...boxesOf(init, moov.body, moov.end).map((box) => (box.type === 'trak' ? change(box) : boxBytes(init, box))),
  );

/** Returns the track's number. */
function trackId(init: Buffer, track: MemoryBox): number | undefined {
  const header = boxByPath(init, track, 'tkhd');
  return header && init.readUInt32BE(behindDates(init, header.body));
}

function trackWithoutEmptyEdit(init: Buffer, track: MemoryBox): Buffer {
  const list = boxByPath(init, track, 'edts', 'elst');
  if (!list) return boxBytes(init, track);
  const isLong = init[list.body] === 1;
  const length = isLong ? 20 : 12;
  const edits = Array.from({ length: init.readUInt32BE(list.body + 4) }, (_, i) =>
    init.subarray(list.body + 8 + i * length, list.body + 8 + (i + 1) * length),
  );
  const mediaTime = (edit: Buffer) => (isLong ? Number(edit.readBigInt64BE(8)) : edit.readInt32BE(4));
  const left = edits.filter((edit) => mediaTime(edit) > 0);
  const head = Buffer.from(init.subarray(list.body, list.body + 8));
  head.writeUInt32BE(left.length, 4);
  const parts = boxesOf(init, track.body, track.end).flatMap((box) => {
    if (box.type !== 'edts') return [boxBytes(init, box)];
    return left.length === 0 ? [] : [newBox('edts', newBox('elst', head, ...left))];
  });
  return newBox('trak', ...parts);
}
