import { formatBytes, formatSaving, formatSeconds } from '../../core/format.ts';
import type { Paint } from '../terminal/colours.ts';
import { brokenIntoLines, columnOf, cut, displayWidth, withoutMiddle } from '../terminal/display-width.ts';
import { printable } from '../terminal/printable.ts';
import { type FilmFate, type FilmNamed, type FilmResult, NO_JOB } from './film-result.ts';

export type LineStyle = {
  /** The columns of the terminal; undefined if it is none, and then nothing is shortened. */
  readonly width: number | undefined;
  readonly paint: Paint;
  /** Whether the recipe stands behind each name, because there are several. */
  readonly withRecipe: boolean;
};

type FilmPlace = { readonly position: number; readonly total: number };

/** From this width on, a line says "57.8 % saved" and not "-57.8 %". */
const WIDE = 100;

/** Returns the line of a film: its number, its name, and what became of it. A failure's reason may take more lines. */
export function filmLines(result: FilmResult, place: FilmPlace, style: LineStyle): readonly string[] {
  const { width, paint } = style;
  const digits = String(place.total).length;
  const counter = `[${String(place.position).padStart(digits)}/${place.total}] `;
  const name = nameOf(result, style);
  if (result.fate === 'done' || result.fate === 'kept') {
    const room = width === undefined ? undefined : width - counter.length - 2 - figuresWidth(width);
    const shown = room === undefined ? name : columnOf(name, Math.max(MINIMUM, room));
    return [`${paint('soft', counter)}${shown}  ${figures(result, style)}`.trimEnd()];
  }
  const colour = result.fate === 'failed' ? 'bad' : 'soft';
  const words = wordsOf(result);
  const onOne = `${counter}${name}: ${words}`;
  if (width === undefined || displayWidth(onOne) <= width)
    return [`${paint('soft', counter)}${name}: ${paint(colour, words)}`];
  const indent = ' '.repeat(counter.length);
  return [
    `${paint('soft', counter)}${columnOf(name, width - counter.length).trimEnd()}`,
    ...brokenIntoLines(words, width - indent.length).map((line) => `${indent}${paint(colour, line)}`),
  ];
}

function wordsOf(result: FilmResult): string {
  if ('reason' in result) return `${result.fate}: ${printable(result.reason)}`;
  if (result.fate !== 'unchanged' || !result.resultOf) return result.fate;
  return `unchanged: a result of ${printable(result.resultOf.recipe ?? 'an earlier run')} already`;
}

/** Returns a failure in one line. The reason is cut where the line ends. */
export function reasonLine(result: FilmNamed & { readonly reason: string }, style: LineStyle): string {
  const { width } = style;
  const name = nameOf(result, style);
  const reason = printable(result.reason);
  if (width === undefined) return `    ${name}: ${reason}`;
  const room = Math.min(displayWidth(name), Math.max(MINIMUM, Math.floor(width / 3)));
  return cut(`    ${withoutMiddle(name, room)}: ${reason}`, width);
}

const MINIMUM = 12;

function nameOf({ source, recipe, result }: FilmNamed, { withRecipe }: LineStyle): string {
  const name = withRecipe && recipe !== NO_JOB ? `${source} (${recipe})` : source;
  return printable(result === undefined ? name : `${name} -> ${result}`);
}

const SIZES = 8 + 4 + 8;
const QUALITY = 11;
const TIME = 7;
const [SHORT_CHANGE, LONG_CHANGE] = [8, 14];
const figuresWidth = (width: number) =>
  SIZES + 2 + (width < WIDE ? SHORT_CHANGE : LONG_CHANGE) + 2 + QUALITY + 2 + TIME;

function figures({ fate, before, after, quality, seconds, isSet }: Measured, { width, paint }: LineStyle): string {
  const sizes = `${formatBytes(before).padStart(8)} -> ${formatBytes(after).padEnd(8)}`;
  const isShort = width !== undefined && width < WIDE;
  const change = isSet
    ? ''
    : fate === 'kept'
      ? isShort
        ? 'kept'
        : 'kept as it was'
      : isShort
        ? changeOf(before, after)
        : formatSaving(before, after);
  const shown = paint(after < before ? 'good' : 'soft', change.padStart(isShort ? SHORT_CHANGE : LONG_CHANGE));
  return `${sizes}  ${shown}  ${(quality ?? '').padEnd(QUALITY)}  ${formatSeconds(seconds).padStart(TIME)}`;
}

type Measured = Extract<FilmFate, { fate: 'done' | 'kept' }>;

/** Returns "-57.8 %" or "+3.1 %". A saving is rounded down, and a loss is rounded up. */
function changeOf(before: number, after: number): string {
  if (after === before || before <= 0) return '0 %';
  const tenths = 1000 * (after / before - 1);
  return after < before ? `-${(Math.floor(-tenths) / 10).toFixed(1)} %` : `+${(Math.ceil(tenths) / 10).toFixed(1)} %`;
}
