import Table from 'cli-table3';
import { brokenIntoLines, displayWidth } from './display-width.ts';

type CellText = string | number;

/**
 * Returns a table that takes at most `width` columns: the widest columns get narrower, and what does not fit into a line goes
 * on in the next. Without a width nothing is broken.
 */
export function fittedTable(
  head: readonly string[],
  rows: readonly (readonly CellText[])[],
  width: number | undefined,
): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = widthsFor(
    head.map((_, at) => Math.max(...cells.map((row) => displayWidth(row[at] ?? '')))),
    width === undefined ? Number.POSITIVE_INFINITY : width - AROUND * head.length - 1,
  );
  const [top = [], ...rest] = cells.map((row) => row.map((cell, at) => linesIn(cell, widths[at] ?? LEAST)));
  const table = new Table({
    head: top,
    style: { head: [], border: [], compact: true },
    colWidths: widths.map((each) => each + AROUND - 1),
  });
  table.push(...rest);
  return table.toString();
}

/** A space on either side, and one of the lines. */
const AROUND = 3;
const LEAST = 4;

const linesIn = (cell: string, width: number): string =>
  displayWidth(cell) <= width ? cell : brokenIntoLines(cell, width).join('\n');

/** Returns the widths of columns that take so much room together: those beyond a limit get the limit. */
function widthsFor(natural: readonly number[], room: number): readonly number[] {
  const sum = (limit: number) => natural.reduce((all, each) => all + Math.min(each, limit), 0);
  let limit = Math.max(...natural);
  while (limit > LEAST && sum(limit) > room) limit--;
  return natural.map((each) => Math.min(each, limit));
}
