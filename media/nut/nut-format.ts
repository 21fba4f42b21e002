/**
 * The parts of NUT (FFmpeg's open container, nut.txt version 3) that the reader and the writer share. Numbers are `v`:
 * groups of 7 bits, most significant first, with the high bit set on all but the last. Checksums are CRC-32 with
 * polynomial 04C11DB7 and initial value 0, neither reflected nor inverted.
 */
export const FILE_ID = new TextEncoder().encode('nut/multimedia container\0');

export const STARTCODE = {
  main: 0x4e4d7a561f5f04adn,
  stream: 0x4e5311405bf2f9dbn,
  syncpoint: 0x4e4be4adeeca4569n,
  index: 0x4e58dd672f23e64en,
  info: 0x4e49ab68b596ba78n,
} as const;

/** The first byte of every startcode, which is therefore never a frame code. */
export const STARTCODE_BYTE = 0x4e;

export const FLAG = {
  key: 1,
  endOfRelevance: 2,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

/** A packet longer than this many bytes also has a checksum of its own header. */
export const LONG_PACKET = 4096;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** Returns the checksum of NUT (see `crcOf`) after one more byte. */
export const crcOfByte = (crc: number, byte: number): number =>
  ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] ?? 0)) >>> 0;

/** Returns the checksum that NUT puts behind headers: CRC-32 with the polynomial 0x04C11DB7, from 0, neither reflected nor inverted. */
export function crcOf(bytes: Uint8Array): number {
  let result = 0;
  for (const byte of bytes) result = crcOfByte(result, byte);
  return result;
}

/** A number as `v`, exact for any safe integer. */
export function varint(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 + (rest % 128));
  return bytes;
}

/** A signed number as `s`: 0, 1, -1, 2, -2, ... become 0, 1, 2, 3, 4, ... */
export const signed = (value: number): number[] => varint(value > 0 ? 2 * value - 1 : -2 * value);

/** A string in UTF-8 with its length in bytes before it (`vb`). */
export function lengthPrefixed(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...varint(bytes.length), ...bytes];
}

/** Returns the four bytes of an unsigned number, the highest first. */
export function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** One NUT packet: startcode, length, body and checksum. */
export function packet(startcode: bigint, body: readonly number[]): Uint8Array {
  const head = [
    ...uint32(Number(startcode >> 32n)),
    ...uint32(Number(startcode & 0xffffffffn)),
    ...varint(body.length + 4),
  ];
  if (body.length + 4 > LONG_PACKET) head.push(...uint32(crcOf(Uint8Array.from(head))));
  return Uint8Array.from([...head, ...body, ...uint32(crcOf(Uint8Array.from(body)))]);
}
