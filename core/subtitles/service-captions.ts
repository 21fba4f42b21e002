import type { Cue } from '../streams/cue.ts';
import { CaptionService } from './caption-service.ts';

/** A byte pair of a packet of CEA-708 (CTA-708-E 5): whether a packet begins with it, and when it comes. */
export type PacketBytes = {
  readonly seconds: number;
  readonly begins: boolean;
  readonly data: readonly [number, number];
};

const MOST_SERVICES = 63;
/** A packet without a stated size is as long as one can be (CTA-708-E 5). */
const LONGEST_PACKET = 128;
const EXTENDED = 7;

/** Reads the captions of each service of CEA-708 by its number. */
export function readServices(
  pairs: Iterable<PacketBytes>,
  { filmSeconds, isWide }: { readonly filmSeconds: number | undefined; readonly isWide: boolean },
): ReadonlyMap<number, readonly Cue[]> {
  const services = new Map<number, CaptionService>();
  let packet: number[] = [];
  let latest = 0;
  const take = (seconds: number) => {
    for (const { service, block } of blocksIn(packet)) {
      const reader = services.get(service) ?? new CaptionService(isWide);
      services.set(service, reader);
      reader.read(block, seconds);
    }
    packet = [];
  };
  for (const { begins, data, seconds } of pairs) {
    if (begins && packet.length > 0) take(latest);
    latest = seconds;
    if (!begins && packet.length === 0) continue; // its beginning is lost
    packet.push(...data);
    if (packet.length >= sizeOf(packet)) take(seconds);
  }
  take(latest);
  const end = filmSeconds ?? latest + LAST_SECONDS;
  return new Map([...services].map(([service, reader]) => [service, reader.end(end)] as const));
}

const LAST_SECONDS = 5;

const sizeOf = ([header = 0]: readonly number[]): number => 2 * (header & 0x3f) || LONGEST_PACKET;

type ServiceBlock = { readonly service: number; readonly block: readonly number[] };

/** Yields the blocks of services in a packet; a service number of 7 has its own number in a further byte. */
function* blocksIn(packet: readonly number[]): Generator<ServiceBlock> {
  const end = Math.min(packet.length, sizeOf(packet));
  for (let at = 1; at < end; ) {
    const header = packet[at++] ?? 0;
    const size = header & 0x1f;
    const isExtended = header >> 5 === EXTENDED && size > 0;
    const service = isExtended ? (packet[at++] ?? 0) & MOST_SERVICES : header >> 5;
    if (service === 0) return; // fill
    if (size > 0) yield { service, block: packet.slice(at, Math.min(at + size, end)) };
    at += size;
  }
}
