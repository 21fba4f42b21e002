import type { FieldFirst, InterlacedPart } from './film-fields.ts';

/** Stands for the filters that depend on where in the film they begin: `filtersFrom` puts them in its place. */
export const FIELDS_BY_PARTS = 'bwdif=by-parts';

/** The filter that makes two pictures of each frame, one of each field. */
export const eachFieldFilter = (first: FieldFirst | 'auto') => `bwdif=mode=send_field:parity=${first}:deint=all`;

type Filters = {
  readonly filters: readonly string[];
  readonly interlacedParts?: readonly InterlacedPart[] | undefined;
};

/** The filters of a specification for a decode that begins with this frame of the source. */
export const filtersFrom = ({ filters, interlacedParts = [] }: Filters, frame: number): readonly string[] =>
  filters.map((filter) => (filter === FIELDS_BY_PARTS ? byParts(interlacedParts, frame) : filter));

/** The order of the fields in most of the interlaced frames. */
export function mostFirst(parts: readonly InterlacedPart[]): FieldFirst | undefined {
  if (parts.length === 0) return undefined;
  const top = parts.reduce((sum, { start, end, first }) => sum + (first === 'tff' ? end - start : start - end), 0);
  return top >= 0 ? 'tff' : 'bff';
}

/**
 * Two pictures of each frame: of the interlaced parts, one of each field; of all others, the frame itself twice. The frames
 * come at their own times, and `blend`, which shows the latest of its second input, takes each for two pictures.
 */
function byParts(parts: readonly InterlacedPart[], from: number): string {
  const main = mostFirst(parts) ?? 'tff';
  const others = parts.filter(({ first, end }) => first !== main && end > from);
  const other = main === 'tff' ? 'bff' : 'tff';
  return [
    `split=${others.length > 0 ? 3 : 2}[byp0][byp1]${others.length > 0 ? '[byp2]' : ''}`,
    `[byp0]${eachFieldFilter(main)}[byp3]`,
    ...(others.length > 0
      ? [`[byp2]${eachFieldFilter(other)}[byp4]`, `[byp3][byp4]${instead(`(${within(others, from)})`)}[byp5]`]
      : []),
    '[byp1]settb=intb/2[byp6]',
    `[${others.length > 0 ? 'byp5' : 'byp3'}][byp6]${instead(`not(${within(parts, from)})`)}`,
  ].join(';');
}

/** Shows the second input instead of the first, picture for picture, where the expression is not 0. */
const instead = (when: string) => `blend=all_mode=normal:all_opacity=0:enable='${when}'`;

/** Whether picture `n` is of one of the parts, as an expression. */
const within = (parts: readonly InterlacedPart[], from: number): string =>
  parts
    .filter(({ end }) => end > from)
    .map(({ start, end }) => `between(n,${2 * Math.max(0, start - from)},${2 * (end - from) - 1})`)
    .join('+') || '0';
