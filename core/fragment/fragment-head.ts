import { MDAT_HEADER_BYTES } from './file-order.ts';
import type { PlannedFragment } from './fragment-ledger.ts';
import { groupBoxes } from './group-runs.ts';
import { type SampleCursor, toNextSample } from './sample-cursor.ts';
import type { TrackTables } from './track-tables.ts';

/** What a run of samples lists for each of them (trun, ISO/IEC 14496-12 8.8.8). What all have in common stands in the header once. */
export const SHAPE = {
  durations: 0x100,
  sizes: 0x200,
  flags: 0x400,
  shifts: 0x800,
  /** The first sample's flags differ from those of the others. */
  firstFlags: 0x4,
  /** The samples, or all but the first, are sync samples. */
  syncs: 0x1_0000,
} as const;

const LISTED = [SHAPE.durations, SHAPE.sizes, SHAPE.flags, SHAPE.shifts];
const DATA_OFFSET = 0x1;

// sample_depends_on: 2 for a sample by itself, 1 for one that needs others and is no sync sample
const SYNC_FLAGS = 0x0200_0000;
const OTHER_FLAGS = 0x0101_0000;

const DESCRIPTION = 0x2;
const DEFAULT_DURATION = 0x8;
const DEFAULT_SIZE = 0x10;
const DEFAULT_FLAGS = 0x20;
const BASE_IS_MOOF = 0x2_0000;

/** Fragments that the header gives no other description have the first. */
const FIRST_DESCRIPTION = 1;

/** Bytes of a moof box of one track, without the boxes of its groups. */
export function headBytesOf(samples: number, shape: number, description: number): number {
  const fields = LISTED.filter((bit) => shape & bit).length;
  const own = [description !== FIRST_DESCRIPTION, !has(shape, SHAPE.durations), !has(shape, SHAPE.sizes)];
  const tfhd = 16 + 4 * own.filter(Boolean).length + (has(shape, SHAPE.flags) ? 0 : 4);
  const trun = 20 + (has(shape, SHAPE.firstFlags) ? 4 : 0) + 4 * fields * samples;
  return 8 + 16 + 8 + tfhd + 20 + trun;
}

const has = (shape: number, bit: number) => (shape & bit) !== 0;

/** Ranges [start, end) of the source, in the order of the samples; neighbours are one. */
export type SourceRange = { readonly start: number; readonly end: number };

type FragmentPlace = { readonly track: number; readonly laterTicks: number; readonly sequence: number };

/**
 * Returns a fragment's moof box with the header of the mdat behind it, and where its samples lie in the source. `cursor` stands at its first sample and is moved
 * on; `laterTicks` is added to the time of decoding. It is written into one buffer: a film has thousands of fragments.
 */
export function writeFragmentHead(
  tables: TrackTables,
  cursor: SampleCursor,
  { samples, shape, headBytes, dataBytes }: PlannedFragment,
  { track, laterTicks, sequence }: FragmentPlace,
): { readonly head: Buffer; readonly ranges: readonly SourceRange[] } {
  const head = Buffer.allocUnsafe(headBytes + MDAT_HEADER_BYTES);
  const { description, sample: first } = cursor;
  const ownDescription = description === FIRST_DESCRIPTION ? 0 : DESCRIPTION;
  const [lasts, bytes, flags] = [!has(shape, SHAPE.durations), !has(shape, SHAPE.sizes), !has(shape, SHAPE.flags)];
  const tfhdBytes = 16 + 4 * [ownDescription > 0, lasts, bytes, flags].filter(Boolean).length;
  let at = 0;
  const put = (...values: readonly number[]) => {
    for (const value of values) at = head.writeUInt32BE(value, at);
  };
  put(headBytes, MOOF, 16, MFHD, 0, sequence, headBytes - 24, TRAF, tfhdBytes, TFHD);
  put(
    BASE_IS_MOOF |
      ownDescription |
      (lasts ? DEFAULT_DURATION : 0) |
      (bytes ? DEFAULT_SIZE : 0) |
      (flags ? DEFAULT_FLAGS : 0),
    track,
  );
  if (ownDescription > 0) put(description);
  if (lasts) put(cursor.lasts);
  if (bytes) put(cursor.bytes);
  if (flags) put(has(shape, SHAPE.syncs) ? SYNC_FLAGS : OTHER_FLAGS);
  const time = cursor.time + laterTicks;
  put(20, TFDT, VERSION_1, Math.floor(time / 2 ** 32), time % 2 ** 32);
  const firstFlags = has(shape, SHAPE.firstFlags);
  const fields = LISTED.filter((bit) => shape & bit).length;
  put(20 + (firstFlags ? 4 : 0) + 4 * fields * samples, TRUN);
  put(DATA_OFFSET | (shape & (SHAPE.firstFlags | 0xf00)), samples, headBytes + MDAT_HEADER_BYTES);
  if (firstFlags) put(cursor.isSync ? SYNC_FLAGS : OTHER_FLAGS);
  const listed = listSamples(tables, cursor, { samples, shape, head, at });
  at = listed.at;
  for (const box of groupBoxes(tables, first, first + samples)) at += box.copy(head, at);
  if (at !== headBytes) throw new Error(`a moof has ${at} bytes instead of the ${headBytes} that were planned`);
  put(MDAT_HEADER_BYTES + dataBytes, MDAT);
  return { head, ranges: listed.ranges };
}

const typeNumber = (type: string) => Buffer.from(type, 'latin1').readUInt32BE(0);
const [MOOF, MFHD, TRAF] = [typeNumber('moof'), typeNumber('mfhd'), typeNumber('traf')];
const [TFHD, TFDT, TRUN] = [typeNumber('tfhd'), typeNumber('tfdt'), typeNumber('trun')];
const VERSION_1 = 0x0100_0000;
const MDAT = typeNumber('mdat');

type RunPlace = { readonly samples: number; readonly shape: number; readonly head: Buffer; readonly at: number };

function listSamples(tables: TrackTables, cursor: SampleCursor, { samples, shape, head, at: from }: RunPlace) {
  const ranges: { start: number; end: number }[] = [];
  const [durations, sizes] = [has(shape, SHAPE.durations), has(shape, SHAPE.sizes)];
  const [flags, shifts] = [has(shape, SHAPE.flags), has(shape, SHAPE.shifts)];
  let at = from;
  let last: { start: number; end: number } | undefined;
  for (let i = 0; i < samples; i += 1) {
    if (i > 0) toNextSample(tables, cursor);
    if (durations) at = head.writeUInt32BE(cursor.lasts, at);
    if (sizes) at = head.writeUInt32BE(cursor.bytes, at);
    if (flags) at = head.writeUInt32BE(cursor.isSync ? SYNC_FLAGS : OTHER_FLAGS, at);
    if (shifts) at = head.writeUInt32BE(cursor.shift, at);
    const end = cursor.offset + cursor.bytes;
    if (last && last.end === cursor.offset) last.end = end;
    else if (cursor.bytes > 0) {
      last = { start: cursor.offset, end };
      ranges.push(last);
    }
  }
  return { at, ranges };
}
