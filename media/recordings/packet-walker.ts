import { PACKET_BYTES, type Packing, SYNC } from '../structure/ts-packets.ts';

/**
 * Returns what calls `onPacket` with each packet of a transport stream in `bytes`: where its sync byte is, and where it begins with what
 * precedes that. It returns how many bytes it is done with; the others are given again with what follows them.
 */
export function packetWalker({ stride, prefix }: Packing) {
  let isInStep = false;
  return (bytes: Buffer, isEnd: boolean, onPacket: (sync: number, at: number) => void): number => {
    let at = 0;
    while (at + (isEnd ? prefix + PACKET_BYTES : 2 * stride) <= bytes.length) {
      const sync = at + prefix;
      // behind damage, a byte that only looks like a sync byte is not followed by another one a packet later
      isInStep = bytes[sync] === SYNC && (isInStep || bytes[sync + stride] === SYNC);
      if (isInStep) onPacket(sync, at);
      at += isInStep ? stride : 1;
    }
    return at;
  };
}
