/**
 * Returns the end of a sentence, ` (did you mean "preserve"?)`, for a word that is not among the names, or nothing where none is
 * near: two letters differ at most, and fewer than half of them.
 */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = names
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.min(2, Math.floor((Math.max(word.length, name.length) - 1) / 2)))
    .sort((a, b) => a.far - b.far)[0];
  return near === undefined ? '' : ` (did you mean "${near.name}"?)`;
}

/** How many letters have to be put in, taken out, replaced, or exchanged with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2 || from.length > 64) return Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isExchanged = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(
        Math.min(
          at(rows[i - 1], j) + 1,
          at(row, j - 1) + 1,
          at(rows[i - 1], j - 1) + (isSame ? 0 : 1),
          i > 1 && j > 1 && isExchanged ? at(rows[i - 2], j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return at(rows[from.length], to.length);
}

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] ?? Number.POSITIVE_INFINITY;
