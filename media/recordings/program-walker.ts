const PACK = Buffer.from('000001ba', 'hex');
export const PACK_CODE = 0xba;
const END_CODE = 0xb9;
/** A PES packet states its length in 16 bits. */
const LONGEST_PACKET = 6 + 0xffff;

/**
 * Calls `onPacket` with where each pack header and PES packet of a program stream begins in `bytes`, and its start code (ISO/IEC 13818-1 2.5.3,
 * ISO/IEC 11172-1). Returns how many bytes it is done with; the others are given again with what follows them.
 */
export function walkProgram(bytes: Buffer, isEnd: boolean, onPacket: (at: number, code: number) => void): number {
  let at = 0;
  while (at + (isEnd ? 14 : LONGEST_PACKET) <= bytes.length) {
    const code = bytes.readUIntBE(at, 3) === 1 ? bytes.readUInt8(at + 3) : 0;
    if (code < END_CODE) {
      const next = bytes.indexOf(PACK, at + 1);
      if (next < 0) return Math.max(at, bytes.length - PACK.length + 1);
      at = next;
      continue;
    }
    onPacket(at, code);
    at += bytesOf(bytes, at, code);
  }
  return Math.min(at, bytes.length);
}

function bytesOf(bytes: Buffer, at: number, code: number): number {
  if (code === END_CODE) return 4;
  if (code !== PACK_CODE) return 6 + bytes.readUInt16BE(at + 4);
  return bytes.readUInt8(at + 4) >> 4 === 0b0010 ? 12 : 14 + (bytes.readUInt8(at + 13) & 7);
}
