import type { ByteSource } from './byte-source.ts';
import { findPackets, packetAt } from './ts-packets.ts';

const PLACES = 16;
const BYTES_EACH = 64 * 1024;
/** Fewer scrambled packets than this are reception errors. */
const FEWEST_PACKETS = 3;
const SMALLEST_SHARE = 0.02;

/** The PIDs with scrambled packets; `later` if the first packets of the PID were clear. */
export type Scrambled = ReadonlyMap<number, 'always' | 'later'>;

/** Finds scrambled PIDs by samples at a few positions, spread over the file. */
export async function scrambledPids(source: ByteSource): Promise<Scrambled> {
  const packing = findPackets(await source.read(0, BYTES_EACH))?.packing;
  const counts = new Map<number, { packets: number; scrambled: number; atFirst: boolean }>();
  if (!packing) return new Map();
  for (let place = 0; place < PLACES; place += 1) {
    const from = Math.floor((Math.max(0, source.size - BYTES_EACH) * place) / (PLACES - 1));
    const bytes = await source.read(from, BYTES_EACH);
    const at = findPackets(bytes)?.at ?? bytes.length;
    for (let sync = at + packing.prefix; sync < bytes.length; sync += packing.stride) {
      const packet = packetAt(bytes, sync);
      if (!packet || packet.payload.length === 0) continue;
      const count = counts.get(packet.pid) ?? { packets: 0, scrambled: 0, atFirst: packet.scrambled };
      count.packets += 1;
      if (packet.scrambled) count.scrambled += 1;
      counts.set(packet.pid, count);
    }
  }
  return new Map(
    [...counts].flatMap(([pid, { packets, scrambled, atFirst }]) =>
      scrambled >= Math.max(FEWEST_PACKETS, packets * SMALLEST_SHARE)
        ? [[pid, atFirst ? 'always' : 'later'] as const]
        : [],
    ),
  );
}
