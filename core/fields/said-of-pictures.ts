/** Frames `[start, end)` that were found interlaced. */
type FoundPart = { readonly start: number; readonly end: number; readonly telecine?: true };

/** So many pictures that say the same are believed; encoders say of single ones that hardly move that they are not interlaced. */
export const LONG = 24;

/** Which pictures lie among so many that say that they are not interlaced. */
export function longSingles(said: readonly boolean[]): readonly boolean[] {
  const single = said.map(() => false);
  for (let start = 0, end = 0; start < said.length; start = end + 1) {
    end = start;
    while (end < said.length && !said[end]) end++;
    if (end - start >= LONG) single.fill(true, start, end);
  }
  return single;
}

/** Whether most pictures of an interlaced part say that they are not, so that what pictures say is worth nothing. */
export const liesIn = ({ start, end, telecine }: FoundPart, said: readonly boolean[]): boolean =>
  !telecine && 2 * said.slice(start, end).filter((is) => is).length < end - start;
