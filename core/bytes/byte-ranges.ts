/** The bytes `[start, end)` of a file. */
export type ByteRange = { readonly start: number; readonly end: number };

/** A part of a film's file, or bytes that stand instead of it in a file that is made of parts. */
export type FilePart = ByteRange & { readonly instead?: Uint8Array | undefined };

/**
 * Returns ranges in order and without overlap, within a file of `bytes` bytes. Two of them with at most `gap` bytes in
 * between become one, because a request takes as long as reading so many bytes.
 */
export function mergedRanges(ranges: Iterable<ByteRange>, bytes: number, gap: number): readonly ByteRange[] {
  const inside = Array.from(ranges, ({ start, end }) => ({ start: Math.max(0, start), end: Math.min(bytes, end) }));
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of inside.filter((range) => range.end > range.start).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start - last.end <= gap) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Returns what of `wanted` is not in `had`. Both are in order and without overlap, as mergedRanges returns them. */
export function rangesWithout(wanted: readonly ByteRange[], had: readonly ByteRange[]): readonly ByteRange[] {
  const missing: ByteRange[] = [];
  let next = 0;
  for (const { start, end } of wanted) {
    let at = start;
    while ((had[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++;
    for (let i = next; at < end; i++) {
      const from = had[i]?.start ?? end;
      if (from > at) missing.push({ start: at, end: Math.min(from, end) });
      at = Math.max(at, Math.min(had[i]?.end ?? end, end));
    }
  }
  return missing;
}

/** How many bytes all these ranges have, which do not overlap. */
export const bytesIn = (ranges: readonly ByteRange[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);
