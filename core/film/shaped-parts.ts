import { ServiceError } from '../errors.ts';
import { formatRational, type Rational } from '../units.ts';
import { setSar } from './frame-size.ts';
import type { CodedPicture, ShapedPart, VideoFacts } from './probe.ts';

/** With more parts than these a filter would have too many words, and with more shapes it would scale every picture too often. */
const MOST = { parts: 500, shapes: 8 } as const;

/** Whether the shape of a film's pixels changes midway. */
export const changesPixelShape = ({ shapes = [] }: Pick<VideoFacts, 'shapes'>): boolean =>
  new Set(shapes.map(named)).size > 1;

/** So many frames in a row have this shape of pixels. */
export type ShapeRun = Pick<ShapedPart, 'sar'> & { readonly frames: number };

/**
 * Returns the parts of a film whose frames have these shapes in turn. Throws `over-limit` for more parts or shapes than can be
 * told apart, and `bad-input` where the film has another number of frames.
 */
export function shapedParts(runs: readonly ShapeRun[], frames: number): readonly ShapedPart[] {
  const parts: ShapedPart[] = [];
  for (const { sar, frames } of runs) {
    const start = parts.at(-1)?.end ?? 0;
    parts.push({ start, end: start + frames, sar });
  }
  const end = parts.at(-1)?.end ?? 0;
  if (end !== frames) {
    throw new ServiceError(
      'bad-input',
      `the shape of its pixels changes midway, and it is not clear where: it decodes to ${frames} frames by one program and to ${end} by another`,
      { frames, counted: end },
    );
  }
  const shapes = new Set(parts.map(named)).size;
  if (parts.length <= MOST.parts && shapes <= MOST.shapes) return parts;
  throw new ServiceError(
    'over-limit',
    `the shape of its pixels changes ${parts.length - 1} times between ${shapes} shapes; at most ${MOST.parts - 1} times and ${MOST.shapes} shapes can be worked on`,
    { parts: parts.length, shapes },
  );
}

const MARK = 'scale=by-shape,';

/** Stands for filters that bring pictures to one shape, which have to know that of each: `filtersByShape` puts them in its place. */
export const byShape = (filters: readonly string[]): string => `${MARK}${filters.join(',')}`;

/**
 * Returns the filters for which another one stands, for a decode that begins with this frame of the film; undefined for any other filter. The
 * frames of each shape go their own way, and every way makes pictures of one size and shape. ffmpeg from version 7.0 on gives all
 * frames of a stream the shape of its first one, so that each way sets its own.
 */
export function filtersByShape(filter: string, parts: readonly ShapedPart[], from: number): string | undefined {
  if (!filter.startsWith(MARK)) return undefined;
  const filters = filter.slice(MARK.length);
  const left = parts.filter(({ end }) => end > from);
  const [main, ...others] = new Map(left.map((part) => [named(part), part.sar]));
  const way = (sar: Rational) => `${setSar(sar)},${filters}`;
  if (!main) return filters;
  if (others.length === 0) return way(main[1]);
  const last = others.length - 1;
  return [
    `split=${others.length + 1}[shape0]${others.map((_, i) => `[shape${i + 1}]`).join('')}`,
    `[shape0]${way(main[1])}[shaped0]`,
    ...others.map(([, sar], i) => `[shape${i + 1}]${way(sar)}[other${i}]`),
    ...others.map(([name], i) => {
      const when = left.filter((part) => named(part) === name).map((part) => between(part, from));
      const out = i === last ? '' : `[shaped${i + 1}]`;
      return `[shaped${i}][other${i}]blend=all_mode=normal:all_opacity=0:enable='${when.join('+')}'${out}`;
    }),
  ].join(';');
}

/** Whether frame `n` of the decode is of a part, as an expression. */
const between = ({ start, end }: ShapedPart, from: number) =>
  `between(n,${Math.max(0, start - from)},${end - from - 1})`;

const named = ({ sar }: Pick<CodedPicture, 'sar'>) => formatRational(sar);
