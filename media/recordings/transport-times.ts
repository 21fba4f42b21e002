import { movePcr, movePes } from '../../core/film/clock-fields.ts';
import { type Packing, packetAt } from '../structure/ts-packets.ts';
import type { TimesMover } from './times-mover.ts';

const SYNC = 0x47;
const PACKET_BYTES = 188;

/** Returns what moves the times of PES packets and the clock references in a transport stream (ISO/IEC 13818-1 2.4.3). */
export const moveTransportTimes =
  ({ stride, prefix }: Packing): TimesMover =>
  (bytes, ticksFrom, isEnd) => {
    let at = 0;
    let isInStep = false;
    while (at + (isEnd ? prefix + PACKET_BYTES : 2 * stride) <= bytes.length) {
      const sync = at + prefix;
      // behind damage, a byte that only looks like a sync byte is not followed by another one a packet later
      isInStep = bytes[sync] === SYNC && (isInStep || bytes[sync + stride] === SYNC);
      if (isInStep) movePacket(bytes, sync, ticksFrom(at));
      at += isInStep ? stride : 1;
    }
    return at;
  };

function movePacket(bytes: Buffer, sync: number, ticks: number): void {
  if (ticks === 0) return;
  movePcr(bytes, sync, ticks);
  const packet = packetAt(bytes, sync);
  if (packet?.begins) movePes(packet.payload, 0, ticks);
}
