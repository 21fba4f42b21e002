const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before a further attempt: twice as long each time, and by chance, so that many do not come at once. */
export const backoffMs = (attempt: number, chance: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + chance / 2);
