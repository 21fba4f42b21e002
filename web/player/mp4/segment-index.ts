import { u16, u32, u64 } from './boxes.ts';

/** Where a piece of one track lies in its file, and when it plays; decoding can begin at a piece that is `isOpen`. */
export type IndexEntry = {
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
};

export type TrackIndex = { readonly track: number; readonly entries: readonly IndexEntry[] };

/** Reads `sidx`, a whole box that lies at `at` in its file (ISO/IEC 14496-12 8.16.3). Undefined where it points to further ones. */
export function readIndex(bytes: Uint8Array, at: number): TrackIndex | undefined {
  const isLong = (bytes[8] ?? 0) > 0;
  const track = u32(bytes, 12);
  const timescale = u32(bytes, 16) || 1;
  let ticks = isLong ? u64(bytes, 20) : u32(bytes, 20);
  let start = at + bytes.length + (isLong ? u64(bytes, 28) : u32(bytes, 24));
  const rows = isLong ? 40 : 32;
  const entries: IndexEntry[] = [];
  for (let i = 0; i < u16(bytes, rows - 2) && rows + 12 * i + 12 <= bytes.length; i++) {
    const [size, lasts, access] = [0, 4, 8].map((offset) => u32(bytes, rows + 12 * i + offset));
    if (size === undefined || lasts === undefined || access === undefined || size >= 2 ** 31) return undefined;
    entries.push({ start, from: ticks / timescale, to: (ticks + lasts) / timescale, isOpen: access >= 2 ** 31 });
    start += size;
    ticks += lasts;
  }
  return entries.length > 0 ? { track, entries } : undefined;
}

/**
 * The byte from which a film must be read to be decoded from `seconds` on, and the time at which its picture then begins:
 * the last piece before it at which decoding can begin, or what the other tracks need before that.
 */
export function seekPoint(
  indexes: readonly TrackIndex[],
  seconds: number,
  picture: number | undefined,
): { readonly offset: number; readonly from: number } | undefined {
  const open = (index: TrackIndex, time: number) =>
    index.entries.findLast(({ from, isOpen }) => isOpen && from <= time + 0.001) ?? index.entries[0];
  const main = indexes.find(({ track }) => track === picture) ?? indexes[0];
  const first = main && open(main, seconds);
  if (!first) return undefined;
  const others = indexes.flatMap((index) => (index === main ? [] : (open(index, first.from)?.start ?? [])));
  return { offset: Math.min(first.start, ...others), from: first.from };
}

/** Returns where the last entry of these indexes ends; 0 where there is none. */
export const endOfIndexes = (indexes: readonly TrackIndex[]): number =>
  Math.max(0, ...indexes.map(({ entries }) => entries.at(-1)?.to ?? 0));
