import type { SampleCursor } from './sample-cursor.ts';
import type { TrackTables } from './track-tables.ts';

/** Says at which samples fragments begin. It is asked for every sample, in order. */
export type Stretches = { beginsWith(cursor: SampleCursor): boolean };

/** A keyframe begins a fragment if at least this share of a fragment's length lies before it. */
const SHORTEST = 0.75;

/**
 * Divides a track at its keyframes, and each stretch between two of them evenly into parts of about `ticks`. Where
 * decoding can begin at every sample the whole track is one stretch.
 */
export function fragmentStretches(tables: TrackTables, last: number, ticks: number): Stretches {
  const timeOf = clockOf(tables);
  let nextStretch = -1;
  let from = 0;
  let length = 0;
  let parts = 1;
  let part = 1;
  let sync = 0;

  function stretchEnd({ view, syncs }: TrackTables, cursor: SampleCursor): number {
    for (; syncs && sync < syncs.entries; sync += 1) {
      const sample = view.getUint32(syncs.at + 4 * sync) - 1;
      if (sample > cursor.sample && sample < last && timeOf(sample) - cursor.time >= SHORTEST * ticks) return sample;
    }
    return last;
  }

  return {
    beginsWith(cursor) {
      const isStretch = nextStretch < 0 || cursor.sample === nextStretch;
      if (isStretch) {
        nextStretch = stretchEnd(tables, cursor);
        from = cursor.time;
        length = timeOf(nextStretch) - from;
        parts = Math.max(1, Math.round(length / ticks));
        part = 1;
        return true;
      }
      if (part >= parts || cursor.time < from + (length * part) / parts) return false;
      while (part < parts && cursor.time >= from + (length * part) / parts) part += 1;
      return true;
    },
  };
}

/** Returns a function that gives the time of a sample; it is asked for samples in rising order. */
function clockOf({ view, times }: TrackTables): (sample: number) => number {
  let [entry, begins, time] = [0, 0, 0];
  return (sample) => {
    while (entry < times.entries) {
      const count = view.getUint32(times.at + 8 * entry);
      const lasts = view.getUint32(times.at + 8 * entry + 4);
      if (sample < begins + count) return time + (sample - begins) * lasts;
      begins += count;
      time += count * lasts;
      entry += 1;
    }
    return time;
  };
}
