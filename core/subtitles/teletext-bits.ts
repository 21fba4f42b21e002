/** The 16 words of the code that protects half bytes of addresses, by their values (ETSI EN 300 706 8.2). */
const HALF_BYTES = [
  ...[0x15, 0x02, 0x49, 0x5e, 0x64, 0x73, 0x38, 0x2f],
  ...[0xd0, 0xc7, 0x8c, 0x9b, 0xa1, 0xb6, 0xfd, 0xea],
];

const bitsIn = (value: number): number => {
  let bits = 0;
  for (let rest = value; rest > 0; rest &= rest - 1) bits += 1;
  return bits;
};

const NEAREST = Array.from({ length: 256 }, (_, byte) => {
  const value = HALF_BYTES.findIndex((word) => bitsIn(word ^ byte) <= 1);
  return value < 0 ? undefined : value;
});

/** Returns the half byte of a word of Hamming 8/4, with one wrong bit corrected; undefined where more are wrong. */
export const halfByte = (byte = 0): number | undefined => NEAREST[byte];

/** The number of a character, whose highest bit makes the number of bits odd; a space where it does not. */
export const character = (byte: number): number => (bitsIn(byte) % 2 === 1 ? byte & 0x7f : 0x20);

/** Five tests for odd numbers of bits, each over the places whose number has one bit. */
const ALL_ODD = 0x1f;

/** Returns 18 bits of three bytes of Hamming 24/18, with one wrong bit corrected; undefined where more are wrong (EN 300 706 8.3). */
export function triplet(bytes: Uint8Array): number | undefined {
  const [a = 0, b = 0, c = 0] = bytes;
  const word = a | (b << 8) | (c << 16);
  let places = ALL_ODD;
  for (let place = 1; place < 24; place++) if (word & (1 << (place - 1))) places ^= place;
  const isOdd = bitsIn(word) % 2 === 1;
  if (places !== 0 && (isOdd || places > 23)) return undefined;
  const right = places === 0 ? word : word ^ (1 << (places - 1));
  return ((right >> 2) & 1) | ((right >> 3) & 0x0e) | ((right >> 4) & 0x7f0) | ((right >> 5) & 0x3f800);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
});

/** Bytes whose bits lie the other way round, as a transport stream has those of teletext. */
export const reversedBits = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => REVERSED[byte] ?? 0);
