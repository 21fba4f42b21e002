import { END_CODE, PACK, PACK_CODE, packEnd } from './ps-packets.ts';

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
    at = endOf(bytes, at, code);
  }
  return Math.min(at, bytes.length);
}

function endOf(bytes: Buffer, at: number, code: number): number {
  if (code === END_CODE) return at + PACK.length;
  if (code !== PACK_CODE) return at + 6 + bytes.readUInt16BE(at + 4);
  const end = packEnd(bytes, at);
  return typeof end === 'number' ? end : at + PACK.length; // what is no pack header is searched for the next one
}
