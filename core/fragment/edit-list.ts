import type { MemoryBox } from '../bytes/boxes.ts';
import { type MovieBytes, neededBox, wideNumber } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';

/** What an edit list says where it plays one stretch of a track once. Times are ticks of the track. */
export type EditList = {
  /** How long nothing is shown before the track begins. */
  readonly empty: number;
  /** The stretch [from, to) of the track's time that is shown. */
  readonly from: number;
  readonly to: number;
};

type Edit = { readonly lasts: number; readonly from: number };

/**
 * Reads an edit list (elst, ISO/IEC 14496-12 8.6.6). Players of fragments take one number of it, by how much the track
 * is earlier: a list that repeats, skips in the middle, stands still or changes the speed is refused.
 */
export function readEditList(
  movie: MovieBytes,
  elst: MemoryBox,
  { timescale, movieScale }: { readonly timescale: number; readonly movieScale: number },
): EditList | undefined {
  const edits = editsOf(movie, elst);
  const first = edits.findIndex(({ from }) => from >= 0);
  if (first < 0) return undefined;
  const ticks = (lasts: number) => Math.round((lasts * timescale) / movieScale);
  const empty = edits.slice(0, first).reduce((sum, { lasts }) => sum + ticks(lasts), 0);
  const from = edits[first]?.from ?? 0;
  let to = from;
  for (const edit of edits.slice(first).filter(({ from: begins }) => begins >= 0)) {
    if (Math.abs(edit.from - to) > Math.ceil(timescale / movieScale))
      throw unfragmentable('its edit list plays several stretches, which players of fragments cannot do');
    // a length of 0 reaches to the end, as in files that were not finished
    to = edit.lasts === 0 ? Number.POSITIVE_INFINITY : edit.from + ticks(edit.lasts);
  }
  const afterGap = edits.slice(first).findIndex(({ from: begins }) => begins < 0);
  if (afterGap > 0 && edits.slice(first + afterGap).some(({ from: begins }) => begins >= 0))
    throw unfragmentable('its edit list has a gap in the middle, which players of fragments cannot show');
  return { empty, from, to };
}

const MOST_EDITS = 1000;
const NORMAL_SPEED = 0x1_0000;

function editsOf({ view }: MovieBytes, elst: MemoryBox): readonly Edit[] {
  const { body, end } = neededBox(elst, 'elst', 8);
  const isWide = view.getUint8(body) === 1;
  const count = view.getUint32(body + 4);
  const width = isWide ? 20 : 12;
  if (count > MOST_EDITS || body + 8 + count * width > end)
    throw unfragmentable(`its edit list announces ${count} edits, and has no room for them or is too long`);
  return Array.from({ length: count }, (_, i) => {
    const at = body + 8 + i * width;
    const from = isWide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    if (from >= 0 && view.getInt32(at + width - 4) !== NORMAL_SPEED)
      throw unfragmentable('its edit list changes the speed, which players of fragments cannot do');
    if (!Number.isSafeInteger(from)) throw unfragmentable(`its edit list begins at ${from}, which no film reaches`);
    return { lasts: isWide ? wideNumber(view, at) : view.getUint32(at), from };
  });
}
