import type { Scrambled } from '../../core/film/unusable.ts';
import type { ByteSource } from './byte-source.ts';
import { findPackets, packetsIn, pesBytes, type TsPacket } from './ts-packets.ts';

const PLACES = 16;
const BYTES_EACH = 64 * 1024;
/** Fewer scrambled packets than this are reception errors. */
const FEWEST_PACKETS = 3;
const SMALLEST_SHARE = 0.02;

type CountedPackets = { packets: number; scrambled: number; readonly atFirst: boolean; isNoise: boolean };

/** Finds scrambled PIDs by samples at a few positions, spread over the file; a small file is read whole. */
export async function scrambledPids(source: ByteSource): Promise<Scrambled> {
  const packing = findPackets(await source.read(0, BYTES_EACH))?.packing;
  const counts = new Map<number, CountedPackets>();
  if (!packing) return new Map();
  const isWhole = source.size <= PLACES * BYTES_EACH;
  for (let place = 0; place < PLACES; place += 1) {
    const spread = Math.floor((Math.max(0, source.size - BYTES_EACH) * place) / (PLACES - 1));
    const bytes = await source.read(isWhole ? place * BYTES_EACH : spread, BYTES_EACH);
    const at = findPackets(bytes)?.at ?? bytes.length;
    for (const packet of packetsIn(bytes, packing, at)) {
      if (packet.payload.length > 0) counts.set(packet.pid, withPacket(counts.get(packet.pid), packet));
    }
  }
  return new Map(
    [...counts].flatMap(([pid, { packets, scrambled, atFirst }]) => {
      if (scrambled < Math.max(FEWEST_PACKETS, packets * SMALLEST_SHARE)) return [];
      const isAll = scrambled > packets * (1 - SMALLEST_SHARE);
      return [
        [pid, { when: atFirst ? (isAll ? 'always' : 'at first') : 'later', share: scrambled / packets }] as const,
      ];
    }),
  );
}

/** Counts a packet. Some recorders decrypt but leave the marks: where a marked packet begins as PES packets do, it and those behind it are clear. */
function withPacket(before: CountedPackets | undefined, { scrambled, begins, payload }: TsPacket): CountedPackets {
  const isNoise = begins ? !isPesHeader(payload) : (before?.isNoise ?? true);
  const counts = scrambled && isNoise ? 1 : 0;
  return {
    packets: (before?.packets ?? 0) + 1,
    scrambled: (before?.scrambled ?? 0) + counts,
    atFirst: before?.atFirst ?? counts === 1,
    isNoise,
  };
}

/** Whether a payload begins with the header of a PES packet that has times and flags (ISO/IEC 13818-1 2.4.3.7). */
const isPesHeader = (payload: Buffer) => pesBytes(payload) !== undefined && ((payload[6] ?? 0) & 0xc0) === 0x80;
