/** The width of a terminal that every table fits into. */
const TABLE_WIDTH = 80;

type Cell = string | number;

/**
 * Returns lines of at most `TABLE_WIDTH` characters: the first column to the left, the others to the right. The first column is
 * cut where a table would be wider.
 */
export function plainTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const first = Math.min(widths[0] ?? 0, TABLE_WIDTH - others);
  const line = (row: readonly string[]) =>
    [clipped(row[0] ?? '', first), ...row.slice(1).map((cell, i) => `  ${cell.padStart(widths[i + 1] ?? 0)}`)]
      .join('')
      .trimEnd();
  const [top = [], ...rest] = cells;
  return [line(top), '-'.repeat(first + others), ...rest.map(line)].join('\n');
}

const clipped = (text: string, width: number): string =>
  [...text].length <= width ? text.padEnd(width) : `${[...text].slice(0, width - 1).join('')}…`;

/** Returns a sentence in lines of at most `TABLE_WIDTH` characters. */
export function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length > TABLE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
