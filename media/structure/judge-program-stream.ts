import type { ByteSource } from './byte-source.ts';
import { END_CODE, PACK, PACK_CODE, packEnd } from './ps-packets.ts';
import { isVideoCd } from './recognise.ts';
import { truncated } from './refusals.ts';

const TAIL_BYTES = 1024 * 1024;
/** Discs fill their last sector with zeros. */
const SECTOR_BYTES = 2352;

/** Throws `truncated` unless packets follow each other from a pack near the end to the end (ISO/IEC 11172-1, 13818-1 2.5.3). */
export async function judgeProgramStream(source: ByteSource): Promise<string[]> {
  const head = await source.read(0, CD_HEADER);
  if (isVideoCd(head)) return judgeSectors(source, head);
  const from = Math.max(0, source.size - TAIL_BYTES);
  const tail = await source.read(from, source.size - from);
  if (!tail.includes(PACK)) throw truncated(source, `its last ${tail.length} bytes hold no packets`);
  const seen = new Set<number>();
  for (let at = tail.indexOf(PACK); at >= 0; at = tail.indexOf(PACK, at + 1)) {
    const reached = followPackets(tail, at, seen);
    if (reached.kind === 'end') return [];
    if (reached.kind === 'cut') throw truncated(source, `its packet at byte ${from + reached.at} is not all there`);
    const zeros = reached.kind === 'zeros' ? tail.length - reached.at : 0;
    if (zeros > 0) return zeros < SECTOR_BYTES ? [] : [`${zeros} zero bytes follow its last packet`];
  }
  return ['its last packets do not follow each other: bytes are missing or added'];
}

/** RIFF, its format and the head of its data, whose length comes last. */
const CD_HEADER = 44;

/** Sectors of a Video CD have heads and sums of their own between their packs, so that only their count tells whether all are there. */
function judgeSectors(source: ByteSource, head: Buffer): string[] {
  const missing = CD_HEADER + head.readUInt32LE(CD_HEADER - 4) - source.size;
  if (missing > 0) throw truncated(source, `${missing} bytes of its sectors are not there`);
  return [];
}

/** Where a walk over packets stopped, and why. */
type PacketWalk = { readonly kind: 'end' | 'cut' | 'zeros' | 'lost'; readonly at: number };

/** Follows packets from `start`. It stops at a position in `seen`, so that all attempts together take linear time. */
function followPackets(bytes: Buffer, start: number, seen: Set<number>): PacketWalk {
  let at = start;
  while (at < bytes.length) {
    if (seen.has(at)) return { kind: 'lost', at };
    seen.add(at);
    const next = packetEnd(bytes, at);
    if (next === 'cut') return { kind: 'cut', at };
    if (next === 'lost') return { kind: bytes.subarray(at).every((byte) => byte === 0) ? 'zeros' : 'lost', at };
    if (next > bytes.length) return { kind: 'cut', at };
    at = next;
  }
  return { kind: 'end', at };
}

function packetEnd(bytes: Buffer, at: number): number | 'cut' | 'lost' {
  const head = bytes.subarray(at, at + 14);
  if (!PACK.subarray(0, Math.min(3, head.length)).equals(head.subarray(0, 3))) return 'lost';
  const code = head[3];
  if (code === undefined) return 'cut';
  if (code < END_CODE) return 'lost';
  if (code === END_CODE) return at + 4;
  if (code === PACK_CODE) return packEnd(bytes, at);
  return head.length < 6 ? 'cut' : at + 6 + head.readUInt16BE(4);
}
