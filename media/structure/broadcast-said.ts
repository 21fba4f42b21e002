import { type BroadcastSaid, broadcastSaidIn } from '../../core/description/broadcast-tables.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { findPackets, packetsIn } from './ts-packets.ts';

/** The time comes at least every 30 s, and the network's table every 10 s (ETSI TR 101 211 4.4); the beginning has the first of them. */
const FIRST_BYTES = 32 * 2 ** 20;
const READ_BYTES = 188 * 192 * 204;

/** Returns when a transport stream was broadcast and by which network, as tags of the film; none of any other file. */
export async function broadcastTags(
  path: string,
  family: Family,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (family !== 'ts' && family !== 'm2ts') return {};
  let said: BroadcastSaid = {};
  await withByteSource(path, signal, async (source) => {
    const first = findPackets(await source.read(0, 64 * 1024));
    if (!first) return;
    const { at, packing } = first;
    for (let from = at; from < Math.min(source.size, FIRST_BYTES); from += READ_BYTES) {
      const bytes = await source.read(from, Math.min(READ_BYTES, source.size - from));
      for (const { begins, pid, payload } of packetsIn(bytes, packing)) {
        if (begins) said = { ...broadcastSaidIn(pid, payload), ...said };
      }
      if (said.time !== undefined && said.network !== undefined) return;
    }
  });
  const { time, network } = said;
  return {
    ...(time !== undefined && { broadcast_time: time }),
    ...(network !== undefined && { network_name: network }),
  };
}
