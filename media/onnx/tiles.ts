import type { Cutting } from '../../core/upscale/models.ts';
import { lcm, type TileRule } from './receptive-field.ts';

/** An area of a picture in whole pixels; `right` and `bottom` are exclusive. */
type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/**
 * One window of the network: the area that it is given, and the part of its result that is exact and kept. All kept
 * parts together make the picture.
 */
export type Tile = { readonly seen: Area; readonly kept: Area };

export type Tiling = {
  /** One window size for all tiles, so that the network is opened once. */
  readonly window: { readonly width: number; readonly height: number };
  readonly tiles: readonly Tile[];
};

/**
 * The tiling that computes the fewest pixels with windows of at most `mostPixels`, or the one with the smallest windows
 * if no window is that small. The picture counts as extended to multiples of `align` by repeating its last row and
 * column.
 */
export function tiling(
  { width, height }: { readonly width: number; readonly height: number },
  rule: TileRule,
  mostPixels: number,
): Tiling {
  const [columnCuts, rowCuts] = [waysToCut(width, rule), waysToCut(height, rule)];
  const fitting = columnCuts.flatMap((columns) => {
    const rows = rowCuts.find((each) => each.length * columns.length <= mostPixels);
    return rows ? [{ columns, rows }] : [];
  });
  const smallest = { columns: columnCuts.at(-1), rows: rowCuts.at(-1) };
  const { columns, rows } = minBy(fitting, ({ columns, rows }) => work(columns) * work(rows)) ?? smallest;
  if (!columns || !rows) throw new RangeError(`a picture of ${width}x${height} has no tiles`);
  return {
    window: { width: columns.length, height: rows.length },
    tiles: rows.starts.flatMap((top, row) =>
      columns.starts.map((left, column) => ({
        seen: { left, top, right: left + columns.length, bottom: top + rows.length },
        kept: {
          left: columns.borders[column] ?? 0,
          top: rows.borders[row] ?? 0,
          right: columns.borders[column + 1] ?? 0,
          bottom: rows.borders[row + 1] ?? 0,
        },
      })),
    ),
  };
}

/** The cuts along one axis: the windows' common length, where windows start, and the borders of their kept parts. */
type AxisCuts = { readonly length: number; readonly starts: readonly number[]; readonly borders: readonly number[] };

const MOST_CUTS = 128;

/** All ways to cut one axis, the longest windows first. */
function waysToCut(length: number, rule: TileRule): AxisCuts[] {
  const whole = alignedUp(length, rule.align);
  const halo = alignedUp(rule.halo, rule.align);
  const ways: AxisCuts[] = whole > 0 ? [{ length: whole, starts: [0], borders: [0, whole] }] : [];
  for (let count = 2; count <= MOST_CUTS; count++) {
    const step = alignedUp(Math.ceil((whole - 2 * halo) / count), rule.align);
    const window = step + 2 * halo;
    if (step <= 0 || window >= (ways.at(-1)?.length ?? 0)) continue;
    const windows = Math.ceil((whole - 2 * halo) / step);
    const starts = Array.from({ length: windows }, (_, index) => Math.min(index * step, whole - window));
    const inner = Array.from({ length: windows - 1 }, (_, index) => (index + 1) * step + halo);
    ways.push({ length: window, starts, borders: [0, ...inner, whole] });
  }
  return ways;
}

const work = (cuts: AxisCuts) => cuts.length * cuts.starts.length;

function minBy<T>(items: readonly T[], by: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || by(item) < by(best) ? item : best),
    undefined,
  );
}

const alignedUp = (length: number, align: number) => Math.ceil(length / align) * align;

type Samples = Uint8Array | Uint16Array;

export type Plane = { readonly data: Samples; readonly width: number; readonly height: number };

/**
 * Copies an area of a plane into `into`. Where the area extends beyond the right or lower edge, the plane's last column
 * or row is repeated.
 */
export function cutOut(from: Plane, area: Area, into: Samples): void {
  const width = area.right - area.left;
  const inside = Math.min(area.right, from.width) - area.left;
  for (let row = area.top; row < area.bottom; row++) {
    const start = Math.min(row, from.height - 1) * from.width + area.left;
    const to = (row - area.top) * width;
    into.set(from.data.subarray(start, start + inside), to);
    if (inside < width) into.fill(into[to + inside - 1] ?? 0, to + inside, to + width);
  }
}

/** Copies the kept part of a window's result to its place in a plane, without what lies outside of the plane. */
export function putIn(made: Plane, { seen, kept }: Tile, into: Plane): void {
  const right = Math.min(kept.right, into.width);
  const bottom = Math.min(kept.bottom, into.height);
  for (let row = kept.top; row < bottom; row++) {
    const start = (row - seen.top) * made.width + kept.left - seen.left;
    into.data.set(made.data.subarray(start, start + right - kept.left), row * into.width + kept.left);
  }
}

/** A tile in the coordinates of an enlarged or subsampled plane. */
export function scaledTile({ seen, kept }: Tile, down: number, across: number): Tile {
  const area = ({ left, top, right, bottom }: Area) => ({
    left: left * across,
    top: top * down,
    right: right * across,
    bottom: bottom * down,
  });
  return { seen: area(seen), kept: area(kept) };
}

/**
 * The tiling rule of a network inside a graph that has a rule of its own: the halos add up, and tiles begin at
 * multiples of both alignments.
 */
export function withCutting(around: TileRule, { halo, align }: Cutting): TileRule {
  return {
    halo: halo === 'whole' ? Number.POSITIVE_INFINITY : around.halo + halo,
    align: lcm(around.align, align),
  };
}
