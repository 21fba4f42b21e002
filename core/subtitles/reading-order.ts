import type { CaptionCell } from './caption-look.ts';

/** Latin words with what stands between them, and numbers, which are read from left to right also within Hebrew. */
const FROM_LEFT = /[A-Za-z](?:[A-Za-z0-9 .,:'&-]*[A-Za-z0-9])?|\d(?:[\d.,:/-]*\d)?/g;
const MIRRORED: Readonly<Record<string, string>> = { '(': ')', ')': '(', '[': ']', ']': '[', '<': '>', '>': '<' };
const FROM_RIGHT = /\p{Script=Hebrew}/u;

/**
 * Returns a row of letters, as they are seen from left to right, in the order in which they are read. Texts are stored so, and players turn
 * them to what is seen (Unicode UAX #9). Rows without a letter that is read from the right stay as they are.
 */
export function readingOrder(cells: readonly (CaptionCell | undefined)[]): readonly (CaptionCell | undefined)[] {
  const seen = cells.map((cell) => (cell?.letter ?? ' ').charAt(0)).join('');
  if (!FROM_RIGHT.test(seen)) return cells;
  const turned = cells.map((cell) => cell && { ...cell, letter: MIRRORED[cell.letter] ?? cell.letter }).reverse();
  for (const { index, 0: run } of seen.matchAll(FROM_LEFT)) {
    const at = cells.length - index - run.length;
    turned.splice(at, run.length, ...cells.slice(index, index + run.length));
  }
  return turned;
}
