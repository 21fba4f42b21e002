import { movePcr, movePes } from '../../core/recordings/clock-fields.ts';
import { type Packing, packetAt } from '../structure/ts-packets.ts';
import { packetWalker } from './packet-walker.ts';
import type { TimesMover } from './times-mover.ts';

/** Returns what moves the times of PES packets and the clock references in a transport stream (ISO/IEC 13818-1 2.4.3). */
export const moveTransportTimes = (packing: Packing): TimesMover => {
  const walk = packetWalker(packing);
  return (bytes, ticksFrom, isEnd) => walk(bytes, isEnd, (sync, at) => movePacket(bytes, sync, ticksFrom(at)));
};

function movePacket(bytes: Buffer, sync: number, ticks: number): void {
  if (ticks === 0) return;
  movePcr(bytes, sync, ticks);
  const packet = packetAt(bytes, sync);
  if (packet?.begins) movePes(packet.payload, 0, ticks);
}
