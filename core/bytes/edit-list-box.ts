import { type MemoryBox, newBox } from './boxes.ts';

/**
 * An entry of an edit list (ISO/IEC 14496-12 8.6.6): how long it lasts, in ticks of the movie, and where in the track it begins,
 * in ticks of the track; -1 shows nothing.
 */
export type TrackEdit = { readonly lasts: number; readonly from: number; readonly rate?: number };

/** The name of an edit list for people. */
export const EDIT_LIST = 'edit list';

const NOTHING = -1;
const NORMAL = 0x1_0000;
const MOST_EDITS = 100_000;

/** Reads an edit list; undefined where it is not whole. */
export function editsIn(bytes: Buffer, { body, end }: MemoryBox): readonly TrackEdit[] | undefined {
  if (end - body < 8) return undefined;
  const wide = bytes.readUInt8(body) === 1;
  const width = wide ? 20 : 12;
  const count = bytes.readUInt32BE(body + 4);
  if (count === 0 || count > MOST_EDITS || body + 8 + count * width > end) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = body + 8 + i * width;
    const lasts = wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    const from = wide ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4);
    return { lasts, from, rate: bytes.readUInt32BE(at + width - 4) };
  });
}

type Shift = {
  /** How much later, in ticks of the movie; negative for earlier. */
  readonly ticks: number;
  readonly movieScale: number;
  readonly timescale: number;
};

/** Returns an edit list that shows everything later or earlier. What would be shown before 0 is not shown. */
export function shiftedEdits(
  edits: readonly TrackEdit[],
  { ticks, movieScale, timescale }: Shift,
): readonly TrackEdit[] {
  if (ticks === 0) return edits;
  if (ticks > 0) return [{ lasts: ticks, from: NOTHING }, ...edits];
  let left = -ticks;
  return edits.flatMap((edit) => {
    const cut = Math.min(left, edit.lasts);
    left -= cut;
    if (cut === edit.lasts) return [];
    const from = edit.from < 0 ? edit.from : edit.from + Math.round((cut * timescale) / movieScale);
    return [{ ...edit, lasts: edit.lasts - cut, from }];
  });
}

/** Returns an `elst` box, with 64 bits a number where one needs them. */
export function editListBox(edits: readonly TrackEdit[]): Buffer {
  const wide = edits.some(({ lasts, from }) => lasts > 0xffff_ffff || from > 0x7fff_ffff);
  const head = Buffer.alloc(8);
  head.writeUInt8(wide ? 1 : 0);
  head.writeUInt32BE(edits.length, 4);
  const entries = edits.map(({ lasts, from, rate = NORMAL }) => {
    const entry = Buffer.alloc(wide ? 20 : 12);
    if (wide) {
      entry.writeBigUInt64BE(BigInt(lasts));
      entry.writeBigInt64BE(BigInt(from), 8);
    } else {
      entry.writeUInt32BE(lasts);
      entry.writeInt32BE(from, 4);
    }
    entry.writeUInt32BE(rate, entry.length - 4);
    return entry;
  });
  return newBox('elst', head, ...entries);
}
