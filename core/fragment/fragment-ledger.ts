import { newCursor, readSample, type SampleCursor } from './sample-cursor.ts';
import type { TrackTables } from './track-tables.ts';

/** A fragment of one track: what it holds, and how its header (moof) is written. Times are ticks of the track. */
export type PlannedFragment = {
  samples: number;
  /** Bytes of its samples. */
  dataBytes: number;
  /** Bytes of its moof box. */
  headBytes: number;
  /** When the first of its samples is shown, and when the last one ends. */
  shownFrom: number;
  shownTo: number;
  /** Which fields its run lists for each sample, and its sample flags (fragment-head.ts). */
  shape: number;
};

/**
 * The fragments of one track, 128 bytes each in one buffer, with a cursor at the first sample of each. A film of a day has
 * 100,000 of them; objects would take ten times the memory.
 */
export type FragmentLedger = {
  readonly count: number;
  add(fragment: PlannedFragment, first: SampleCursor): void;
  fragment(index: number): PlannedFragment;
  /** When the first sample of a fragment is shown, and how many bytes its header and its samples have. */
  shownFrom(index: number): number;
  bytes(index: number): number;
  /** Returns a new cursor at the first sample of a fragment. */
  cursor(index: number): SampleCursor;
};

const ROW_BYTES = 128;

/** Returns a ledger without fragments, for the track of these tables. */
export function fragmentLedger(tables: TrackTables): FragmentLedger {
  let view = new DataView(new ArrayBuffer(64 * ROW_BYTES));
  let count = 0;

  function room(): number {
    if ((count + 1) * ROW_BYTES > view.byteLength) {
      const larger = new Uint8Array(2 * view.byteLength);
      larger.set(new Uint8Array(view.buffer));
      view = new DataView(larger.buffer);
    }
    return count * ROW_BYTES;
  }

  return {
    get count() {
      return count;
    },
    add(fragment, first) {
      const at = room();
      view.setFloat64(at, fragment.dataBytes);
      view.setFloat64(at + 8, fragment.shownFrom);
      view.setFloat64(at + 16, fragment.shownTo);
      view.setFloat64(at + 24, first.time);
      view.setFloat64(at + 32, first.offset);
      view.setUint32(at + 40, fragment.samples);
      view.setUint32(at + 44, fragment.headBytes);
      view.setUint32(at + 48, fragment.shape);
      keepPlaces(view, at + 52, first);
      count += 1;
    },
    fragment(index) {
      const at = index * ROW_BYTES;
      return {
        dataBytes: view.getFloat64(at),
        shownFrom: view.getFloat64(at + 8),
        shownTo: view.getFloat64(at + 16),
        samples: view.getUint32(at + 40),
        headBytes: view.getUint32(at + 44),
        shape: view.getUint32(at + 48),
      };
    },
    shownFrom: (index) => view.getFloat64(index * ROW_BYTES + 8),
    bytes: (index) => view.getUint32(index * ROW_BYTES + 44) + view.getFloat64(index * ROW_BYTES),
    cursor(index) {
      const at = index * ROW_BYTES;
      const place = (i: number) => view.getUint32(at + 52 + 4 * i);
      const cursor = newCursor();
      cursor.time = view.getFloat64(at + 24);
      cursor.offset = view.getFloat64(at + 32);
      cursor.sample = place(0);
      cursor.timeEntry = place(1);
      cursor.timeLeft = place(2);
      cursor.shiftEntry = place(3) - 1;
      cursor.shiftLeft = place(4);
      cursor.chunk = place(5);
      cursor.chunkLeft = place(6);
      cursor.runEntry = place(7);
      cursor.syncEntry = place(8);
      readSample(tables, cursor);
      return cursor;
    },
  };
}

/** Writes where the tables stand; a shift entry of -1, where there is no such table, is kept as 0. */
function keepPlaces(view: DataView, at: number, cursor: SampleCursor): void {
  view.setUint32(at, cursor.sample);
  view.setUint32(at + 4, cursor.timeEntry);
  view.setUint32(at + 8, cursor.timeLeft);
  view.setUint32(at + 12, cursor.shiftEntry + 1);
  view.setUint32(at + 16, cursor.shiftLeft);
  view.setUint32(at + 20, cursor.chunk);
  view.setUint32(at + 24, cursor.chunkLeft);
  view.setUint32(at + 28, cursor.runEntry);
  view.setUint32(at + 32, cursor.syncEntry);
}
