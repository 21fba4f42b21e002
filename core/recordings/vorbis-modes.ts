/** A mode: whether its blocks are long, the types of its window and transform, which are 0, and its mapping (Vorbis I 4.2.4). */
const [TYPE_BITS, MAPPING_BITS, COUNT_BITS] = [16, 8, 6];
const MODE_BITS = 1 + 2 * TYPE_BITS + MAPPING_BITS;
const MOST_MODES = 64;
const MOST_MAPPINGS = 64;

/**
 * Returns for each mode of Vorbis whether its blocks are long, by the packet with its set-up; none where that cannot be told. The modes lie at the end,
 * behind code books that only a decoder can pass over, so that they are read from there: as many as their own count says, the largest that fits.
 */
export function vorbisModes(setup: Buffer): readonly boolean[] {
  let end = setup.length * 8 - 1;
  while (end >= 0 && bitsAt(setup, end, 1) === 0) end--;
  const modes: boolean[] = [];
  let found: readonly boolean[] = [];
  for (let at = end - MODE_BITS; at > COUNT_BITS && modes.length < MOST_MODES && isMode(setup, at); at -= MODE_BITS) {
    modes.unshift(bitsAt(setup, at, 1) === 1);
    if (bitsAt(setup, at - COUNT_BITS, COUNT_BITS) + 1 === modes.length) found = [...modes];
  }
  return found;
}

const isMode = (setup: Buffer, at: number): boolean =>
  bitsAt(setup, at + 1, TYPE_BITS) === 0 &&
  bitsAt(setup, at + 1 + TYPE_BITS, TYPE_BITS) === 0 &&
  bitsAt(setup, at + 1 + 2 * TYPE_BITS, MAPPING_BITS) < MOST_MAPPINGS;

/** Reads bits that are packed from the lowest one of each byte on (Vorbis I 2.1.4). */
function bitsAt(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value |= (((bytes[(at + i) >> 3] ?? 0) >> ((at + i) & 7)) & 1) << i;
  return value;
}
