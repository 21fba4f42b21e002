/** Returns the filters that turn a picture as a display matrix says (ISO/IEC 14496-12 8.3.2); none for odd angles. */
export function uprightFilters(displayMatrix: readonly number[] | undefined): readonly string[] {
  const [a = 1, b = 0, , c = 0, d = 1] = displayMatrix ?? [];
  const signs = [a, b, c, d].map(Math.sign).join();
  return TURNS[signs] ?? [];
}

/** What turns a picture upright, by the signs of the four numbers of its matrix: (x, y) becomes (ax + cy, bx + dy). */
const TURNS: Readonly<Record<string, readonly string[]>> = {
  '0,1,-1,0': ['transpose=clock'],
  '0,-1,1,0': ['transpose=cclock'],
  '-1,0,0,-1': ['hflip', 'vflip'],
  '-1,0,0,1': ['hflip'],
  '1,0,0,-1': ['vflip'],
  '0,1,1,0': ['transpose=cclock_flip'],
  '0,-1,-1,0': ['transpose=clock_flip'],
};
