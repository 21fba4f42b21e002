import { wideNumber } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';
import type { TrackTables } from './track-tables.ts';

/**
 * One sample of a track, and where each table stands at it. Walking through a track keeps one cursor, and no object for
 * each sample: a day of film has millions of them. Times are ticks of the track.
 */
export type SampleCursor = {
  /** The number of the sample, counted from 0; all fields below are of this sample. */
  sample: number;
  /** When it is decoded, and how much later it is shown; the shift is raised by `lift`. */
  time: number;
  shift: number;
  lasts: number;
  bytes: number;
  /** Where its bytes begin in the file. */
  offset: number;
  isSync: boolean;
  /** The number of its sample description, counted from 1. */
  description: number;

  timeEntry: number;
  timeLeft: number;
  shiftEntry: number;
  shiftLeft: number;
  chunk: number;
  chunkLeft: number;
  runEntry: number;
  syncEntry: number;
};

/** Returns a cursor at the first sample of a track, which must have one. */
export function firstSample(tables: TrackTables): SampleCursor {
  const cursor = newCursor();
  cursor.timeEntry = cursor.shiftEntry = cursor.chunk = -1;
  nextTime(tables, cursor);
  nextShift(tables, cursor);
  nextChunk(tables, cursor);
  readSample(tables, cursor);
  return cursor;
}

/** Returns a cursor with nothing in it. All cursors are made here, so that the engine knows one kind of object only. */
export const newCursor = (): SampleCursor => ({
  sample: 0,
  time: 0,
  shift: 0,
  lasts: 0,
  bytes: 0,
  offset: 0,
  isSync: true,
  description: 1,
  timeEntry: 0,
  timeLeft: 0,
  shiftEntry: 0,
  shiftLeft: 0,
  chunk: 0,
  chunkLeft: 0,
  runEntry: 0,
  syncEntry: 0,
});

/** Moves the cursor to the next sample, which the track must have. Throws where a table ends before its samples. */
export function toNextSample(tables: TrackTables, cursor: SampleCursor): void {
  cursor.sample += 1;
  cursor.time += cursor.lasts;
  if (cursor.time > LATEST) throw unfragmentable('its times go on for longer than any film');
  cursor.offset += cursor.bytes;
  if (--cursor.timeLeft === 0) nextTime(tables, cursor);
  if (tables.shifts && --cursor.shiftLeft === 0) nextShift(tables, cursor);
  if (--cursor.chunkLeft === 0) nextChunk(tables, cursor);
  if (tables.syncs && syncAt(tables, cursor) < cursor.sample) cursor.syncEntry += 1;
  readSample(tables, cursor);
}

/** Sums of two such times are still exact. */
const LATEST = 2 ** 51;

/** Sets the fields that follow from where the tables stand. */
export function readSample(tables: TrackTables, cursor: SampleCursor): void {
  const { view, times, shifts, runs, syncs, lift } = tables;
  cursor.lasts = view.getUint32(times.at + 8 * cursor.timeEntry + 4);
  cursor.shift = shifts ? lift + view.getInt32(shifts.at + 8 * cursor.shiftEntry + 4) : 0;
  cursor.description = view.getUint32(runs.at + 12 * cursor.runEntry + 8);
  cursor.bytes = sizeOf(tables, cursor.sample);
  cursor.isSync = !syncs || syncAt(tables, cursor) === cursor.sample;
}

/** Returns the next sync sample's number, counted from 0; infinite behind the last one. */
function syncAt({ view, syncs }: TrackTables, { syncEntry }: SampleCursor): number {
  return syncs && syncEntry < syncs.entries ? view.getUint32(syncs.at + 4 * syncEntry) - 1 : Number.POSITIVE_INFINITY;
}

function sizeOf({ view, sizes: { at, bits, each } }: TrackTables, sample: number): number {
  if (bits === 32) return view.getUint32(at + 4 * sample);
  if (bits === 0) return each;
  if (bits === 16) return view.getUint16(at + 2 * sample);
  if (bits === 8) return view.getUint8(at + sample);
  const two = view.getUint8(at + (sample >> 1));
  return sample & 1 ? two & 15 : two >> 4;
}

function nextTime({ view, times }: TrackTables, cursor: SampleCursor): void {
  do {
    cursor.timeEntry += 1;
    if (cursor.timeEntry >= times.entries) throw unfragmentable('its table of times (stts) ends before its samples');
    cursor.timeLeft = view.getUint32(times.at + 8 * cursor.timeEntry);
  } while (cursor.timeLeft === 0);
}

function nextShift({ view, shifts }: TrackTables, cursor: SampleCursor): void {
  if (!shifts) return;
  do {
    cursor.shiftEntry += 1;
    if (cursor.shiftEntry >= shifts.entries) throw unfragmentable('its table of shifts (ctts) ends before its samples');
    cursor.shiftLeft = view.getUint32(shifts.at + 8 * cursor.shiftEntry);
  } while (cursor.shiftLeft === 0);
}

function nextChunk({ view, chunks, runs }: TrackTables, cursor: SampleCursor): void {
  cursor.chunk += 1;
  if (cursor.chunk >= chunks.entries) throw unfragmentable('its table of chunks (stco) ends before its samples');
  const firstOf = (run: number) => view.getUint32(runs.at + 12 * run) - 1;
  if (runs.entries === 0 || firstOf(0) !== 0) throw unfragmentable('its stsc box does not begin with the first chunk');
  if (cursor.runEntry + 1 < runs.entries && firstOf(cursor.runEntry + 1) <= cursor.chunk) cursor.runEntry += 1;
  if (firstOf(cursor.runEntry) > cursor.chunk) throw unfragmentable('the entries of its stsc box are not in order');
  cursor.chunkLeft = view.getUint32(runs.at + 12 * cursor.runEntry + 4);
  if (cursor.chunkLeft === 0) throw unfragmentable('its stsc box has a chunk without samples');
  const at = chunks.at + (chunks.wide ? 8 : 4) * cursor.chunk;
  cursor.offset = chunks.wide ? wideNumber(view, at) : view.getUint32(at);
}
