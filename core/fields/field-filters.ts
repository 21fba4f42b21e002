import type { ShapedPart } from '../film/probe.ts';
import { filtersByShape } from '../film/shaped-parts.ts';
import { type FieldFirst, type InterlacedPart, mostFirst } from './film-fields.ts';

/** Stands for the filters that depend on where in the film they begin: `filtersFrom` puts them in its place. */
export const FIELDS_BY_PARTS = 'bwdif=by-parts';

/** Stands for the filters that put the fields of telecine together, which depend on where in the film they begin, too. */
const MATCHED_BY_PARTS = 'fieldmatch=by-parts';

/**
 * The filter that puts fields of one film picture together, frame by frame: frames whose own fields belong together stay as they
 * are. What finds no other field, where an edit broke the telecine, is deinterlaced.
 */
const matchFilter = (first: FieldFirst) =>
  `fieldmatch=order=${first}:combmatch=full:cthresh=20,bwdif=mode=send_frame:parity=${first}:deint=interlaced`;

/** The filters that give each frame of telecine one whole film picture, in these parts of a film or in all of it. */
export const matchingFilter = (first: FieldFirst, isWhole: boolean) =>
  isWhole ? matchFilter(first) : MATCHED_BY_PARTS;

/** `fieldmatch` takes 8 bits a sample in these alone, and would change others. */
export const canMatch = (pixelFormat: string): boolean => /^yuv4(20|22|44)p$/.test(pixelFormat);

/** The filter that makes two pictures of each frame, one of each field. */
export const eachFieldFilter = (first: FieldFirst | 'auto') => `bwdif=mode=send_field:parity=${first}:deint=all`;

type Filters = {
  readonly filters: readonly string[];
  readonly interlacedParts?: readonly InterlacedPart[] | undefined;
  readonly shapedParts?: readonly ShapedPart[] | undefined;
};

/** The filters of a specification for a decode that begins with this frame of the source. */
export const filtersFrom = (
  { filters, interlacedParts = [], shapedParts = [] }: Filters,
  frame: number,
): readonly string[] =>
  filters.map((filter) => {
    if (filter === MATCHED_BY_PARTS) return matchedByParts(interlacedParts, frame);
    if (filter === FIELDS_BY_PARTS) return byParts(interlacedParts, frame);
    return filtersByShape(filter, shapedParts, frame) ?? filter;
  });

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
      ? [`[byp2]${eachFieldFilter(other)}[byp4]`, `[byp3][byp4]${instead(`(${within(others, from, 2)})`)}[byp5]`]
      : []),
    '[byp1]settb=intb/2[byp6]',
    `[${others.length > 0 ? 'byp5' : 'byp3'}][byp6]${instead(`not(${within(parts, from, 2)})`)}`,
  ].join(';');
}

/** One picture of each frame: of telecine a whole film picture, of all others the frame itself. */
const matchedByParts = (parts: readonly InterlacedPart[], from: number): string =>
  [
    'split=2[byp0][byp1]',
    `[byp0]${matchFilter(mostFirst(parts) ?? 'tff')}[byp2]`,
    `[byp2][byp1]${instead(`not(${within(parts, from, 1)})`)}`,
  ].join(';');

/** Shows the second input instead of the first, picture for picture, where the expression is not 0. */
const instead = (when: string) => `blend=all_mode=normal:all_opacity=0:enable='${when}'`;

/** Whether picture `n` is of one of the parts, as an expression. Each frame has so many pictures. */
const within = (parts: readonly InterlacedPart[], from: number, pictures: 1 | 2): string =>
  parts
    .filter(({ end }) => end > from)
    .map(({ start, end }) => `between(n,${pictures * Math.max(0, start - from)},${pictures * (end - from) - 1})`)
    .join('+') || '0';
