/** How a pack of a program stream begins (ISO/IEC 13818-1 2.5.3.3). */
export const PACK = Buffer.from('000001ba', 'hex');
export const PACK_CODE = 0xba;
export const END_CODE = 0xb9;

/**
 * Returns where the pack header that begins at `at` ends: it has 12 bytes in MPEG-1 (ISO/IEC 11172-1 2.4.3.2), 14 and up to 7 bytes of stuffing
 * in MPEG-2. It is `cut` where too few bytes are there to tell, and `lost` where what follows the start code is of neither.
 */
export function packEnd(bytes: Buffer, at: number): number | 'cut' | 'lost' {
  const marker = bytes[at + 4];
  if (marker === undefined) return 'cut';
  if (marker >> 4 === 0b0010) return at + 12;
  if (marker >> 6 !== 0b01) return 'lost';
  const stuffing = bytes[at + 13];
  return stuffing === undefined ? 'cut' : at + 14 + (stuffing & 7);
}
