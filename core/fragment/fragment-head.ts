import { newBox } from '../film/boxes.ts';
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
 * Returns a fragment's moof box, and where its samples lie in the source. `cursor` stands at its first sample and is moved
 * on; `laterTicks` is added to the time of decoding.
 */
export function writeFragmentHead(
  tables: TrackTables,
  cursor: SampleCursor,
  { samples, shape, headBytes }: PlannedFragment,
  { track, laterTicks, sequence }: FragmentPlace,
): { readonly head: Buffer; readonly ranges: readonly SourceRange[] } {
  const fields = LISTED.filter((bit) => shape & bit).length;
  const { description, sample: first } = cursor;
  const mfhd = fullBox('mfhd', 0, sequence);
  const time = Buffer.alloc(12);
  time.writeUInt8(1, 0);
  time.writeBigUInt64BE(BigInt(cursor.time + laterTicks), 4);
  const tfhd = fullBox(
    'tfhd',
    BASE_IS_MOOF |
      (description === FIRST_DESCRIPTION ? 0 : DESCRIPTION) |
      (has(shape, SHAPE.durations) ? 0 : DEFAULT_DURATION) |
      (has(shape, SHAPE.sizes) ? 0 : DEFAULT_SIZE) |
      (has(shape, SHAPE.flags) ? 0 : DEFAULT_FLAGS),
    track,
    ...(description === FIRST_DESCRIPTION ? [] : [description]),
    ...(has(shape, SHAPE.durations) ? [] : [cursor.lasts]),
    ...(has(shape, SHAPE.sizes) ? [] : [cursor.bytes]),
    ...(has(shape, SHAPE.flags) ? [] : [has(shape, SHAPE.syncs) ? SYNC_FLAGS : OTHER_FLAGS]),
  );
  const rows = Buffer.alloc(4 * fields * samples);
  const firstFlags = has(shape, SHAPE.firstFlags) ? [cursor.isSync ? SYNC_FLAGS : OTHER_FLAGS] : [];
  const ranges = listSamples(tables, cursor, { samples, shape, rows });
  const run = DATA_OFFSET | (shape & (SHAPE.firstFlags | 0xf00));
  const trun = Buffer.concat([numbers(run, samples, headBytes + 8, ...firstFlags), rows]);
  const groups = groupBoxes(tables, first, first + samples);
  const traf = newBox('traf', tfhd, newBox('tfdt', time), newBox('trun', trun), ...groups);
  return { head: newBox('moof', mfhd, traf), ranges };
}

function listSamples(
  tables: TrackTables,
  cursor: SampleCursor,
  { samples, shape, rows }: { readonly samples: number; readonly shape: number; readonly rows: Buffer },
): readonly SourceRange[] {
  const ranges: { start: number; end: number }[] = [];
  let at = 0;
  const list = (bit: number, value: number) => {
    if (has(shape, bit)) at = rows.writeUInt32BE(value, at);
  };
  for (let i = 0; i < samples; i += 1) {
    if (i > 0) toNextSample(tables, cursor);
    list(SHAPE.durations, cursor.lasts);
    list(SHAPE.sizes, cursor.bytes);
    list(SHAPE.flags, cursor.isSync ? SYNC_FLAGS : OTHER_FLAGS);
    list(SHAPE.shifts, cursor.shift);
    const last = ranges.at(-1);
    const end = cursor.offset + cursor.bytes;
    if (last?.end === cursor.offset) last.end = end;
    else if (cursor.bytes > 0) ranges.push({ start: cursor.offset, end });
  }
  return ranges;
}

const fullBox = (type: string, flags: number, ...values: readonly number[]) => newBox(type, numbers(flags, ...values));

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * i);
  return bytes;
}
