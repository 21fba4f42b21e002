import { newBox } from '../bytes/boxes.ts';
import type { SampleGrouping, TrackTables } from './track-tables.ts';

/** A stretch of samples of one group of a kind, as `sbgp` lists them. Group 0 is none. */
type GroupRun = { readonly samples: number; readonly group: number };

/**
 * Returns the `sbgp` boxes of the samples [first, last): the track's own, cut to them. A kind of which no sample is
 * a member has no box. The groups are described in the header.
 */
export function groupBoxes(tables: TrackTables, first: number, last: number): readonly Buffer[] {
  return tables.groupings.flatMap((grouping) => {
    const runs = runsWithin(tables.view, grouping, first, last);
    return isBoxNeeded(runs) ? [groupBox(grouping, runs)] : [];
  });
}

/** Returns the size of these boxes. */
export function groupBoxesBytes(tables: TrackTables, first: number, last: number): number {
  let bytes = 0;
  for (const grouping of tables.groupings) {
    const runs = runsWithin(tables.view, grouping, first, last);
    if (isBoxNeeded(runs)) bytes += 16 + grouping.kind.length + 8 * runs.length;
  }
  return bytes;
}

const isBoxNeeded = (runs: readonly GroupRun[]) => runs.some(({ group }) => group > 0);

function groupBox({ kind, version }: SampleGrouping, runs: readonly GroupRun[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(version, 0);
  const rows = Buffer.alloc(4 + 8 * runs.length);
  rows.writeUInt32BE(runs.length, 0);
  for (const [i, { samples, group }] of runs.entries()) {
    rows.writeUInt32BE(samples, 4 + 8 * i);
    rows.writeUInt32BE(group, 8 + 8 * i);
  }
  return newBox('sbgp', head, kind, rows);
}

function runsWithin(view: DataView, grouping: SampleGrouping, first: number, last: number): readonly GroupRun[] {
  const { place } = grouping;
  let { entry, begins } = place.begins <= first ? place : { entry: 0, begins: 0 };
  const runs: GroupRun[] = [];
  for (; entry < grouping.entries; entry += 1) {
    const ends = begins + view.getUint32(grouping.at + 8 * entry);
    if (ends > first) {
      const samples = Math.min(ends, last) - Math.max(begins, first);
      if (samples > 0) runs.push({ samples, group: view.getUint32(grouping.at + 8 * entry + 4) });
      if (ends >= last) break;
    }
    begins = ends;
  }
  Object.assign(place, { entry, begins });
  return runs;
}
