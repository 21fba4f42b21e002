import { movePcr, movePes } from '../../core/film/clock-fields.ts';
import type { Packing } from '../structure/ts-packets.ts';
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
      if (isInStep) movePacket(bytes.subarray(sync, sync + PACKET_BYTES), ticksFrom(at));
      at += isInStep ? stride : 1;
    }
    return at;
  };

function movePacket(packet: Buffer, ticks: number): void {
  if (ticks === 0) return;
  movePcr(packet, 0, ticks);
  const control = packet.readUInt8(3);
  const payload = 4 + (control & HAS_ADAPTATION ? 1 + packet.readUInt8(4) : 0);
  const begins = (packet.readUInt8(1) & PAYLOAD_BEGINS) !== 0 && (control & HAS_PAYLOAD) !== 0;
  if (begins && payload + 6 < PACKET_BYTES) movePes(packet, payload, ticks);
}

const PAYLOAD_BEGINS = 0x40;
const HAS_ADAPTATION = 0x20;
const HAS_PAYLOAD = 0x10;
