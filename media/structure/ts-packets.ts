/** The first byte of every transport stream packet (ISO/IEC 13818-1 2.4.3). */
export const SYNC = 0x47;
export const PACKET_BYTES = 188;

/** The distance between packets: they are bare, or follow a 4-byte time stamp (Blu-ray, AVCHD), or precede 16 bytes of parity. */
export type Packing = { readonly stride: 188 | 192 | 204; readonly prefix: 0 | 4 };

/** Packets that follow each other with nothing between them. */
export const BARE: Packing = { stride: 188, prefix: 0 };

const PACKINGS: readonly Packing[] = [BARE, { stride: 192, prefix: 4 }, { stride: 204, prefix: 0 }];

/** So many sync bytes in a row identify a transport stream; where the bytes end, FEWEST are enough. */
const ENOUGH = 8;
const FEWEST = 2;

/** Finds the first packet in `bytes` and the packing; undefined if there are no packets. */
export function findPackets(bytes: Buffer): { at: number; packing: Packing } | undefined {
  for (const packing of PACKINGS) {
    for (let at = 0; at < packing.stride && at < bytes.length; at += 1) {
      if (beginsPackets(bytes, at, packing)) return { at, packing };
    }
  }
  return undefined;
}

function beginsPackets(bytes: Buffer, at: number, { stride, prefix }: Packing): boolean {
  let seen = 0;
  for (let sync = at + prefix; sync < bytes.length && seen < ENOUGH; sync += stride) {
    if (bytes[sync] !== SYNC) return false;
    seen += 1;
  }
  return seen >= FEWEST;
}

/** Finds where packets of a known packing begin in `bytes`, even if half of them are damaged; undefined if there are none. */
export function packetPhase(bytes: Buffer, { stride, prefix }: Packing): number | undefined {
  let best = { at: 0, share: 0 };
  for (let at = 0; at < stride; at += 1) {
    let syncs = 0;
    let packets = 0;
    for (let sync = at + prefix; sync < bytes.length; sync += stride) {
      packets += 1;
      if (bytes[sync] === SYNC) syncs += 1;
    }
    if (syncs / packets > best.share) best = { at, share: syncs / packets };
  }
  return best.share >= 0.5 ? best.at : undefined;
}

export type TsPacket = {
  /** Where its sync byte lies. */
  readonly sync: number;
  readonly pid: number;
  /** Counts the packets of a PID that have a payload, modulo 16. */
  readonly counter: number;
  /** Whether a PES packet or section begins in it. */
  readonly begins: boolean;
  readonly scrambled: boolean;
  /** Whether bytes were added to fill it, which happens in 183 of 184 packets that end a PES packet. */
  readonly stuffed: boolean;
  readonly payload: Buffer;
};

/**
 * Yields the packets of a known packing from `at` on, where the first of them begins. A packet without its sync byte is passed over; where
 * bytes are missing or added, the walk goes on with the next two sync bytes that are a packet apart.
 */
export function* packetsIn(bytes: Buffer, { stride, prefix }: Packing, at = 0): Generator<TsPacket> {
  let sync = at + prefix;
  while (sync + PACKET_BYTES <= bytes.length) {
    const packet = packetAt(bytes, sync);
    if (packet) yield packet;
    const isInStep = packet !== undefined || bytes[sync + stride] === SYNC;
    sync = isInStep ? sync + stride : syncFrom(bytes, sync + 1, stride);
  }
}

function syncFrom(bytes: Buffer, from: number, stride: number): number {
  let sync = bytes.indexOf(SYNC, from);
  while (sync >= 0 && bytes[sync + stride] !== SYNC) sync = bytes.indexOf(SYNC, sync + 1);
  return sync < 0 ? bytes.length : sync;
}

/** Returns the payloads of each stream of packets, joined (ISO/IEC 13818-1 2.4.3.2); none where there are no packets. */
export function payloadsOf(bytes: Buffer): readonly Buffer[] {
  const first = findPackets(bytes);
  if (!first) return [];
  const payloads = new Map<number, Buffer[]>();
  for (const { pid, payload } of packetsIn(bytes, first.packing, first.at)) {
    if (payload.length === 0) continue;
    const parts = payloads.get(pid) ?? [];
    payloads.set(pid, parts);
    parts.push(payload);
  }
  return [...payloads.values()].map((parts) => Buffer.concat(parts));
}

/** Reads the packet whose sync byte is at `sync`; undefined if it is not there, or not whole. */
export function packetAt(bytes: Buffer, sync: number): TsPacket | undefined {
  const packet = bytes.subarray(sync, sync + PACKET_BYTES);
  if (packet.length < PACKET_BYTES || packet[0] !== SYNC) return undefined;
  const control = packet.readUInt8(3);
  const adaptation = control & HAS_ADAPTATION ? 1 + packet.readUInt8(4) : 0;
  const payloadAt = control & HAS_PAYLOAD ? Math.min(4 + adaptation, PACKET_BYTES) : PACKET_BYTES;
  return {
    sync,
    pid: packet.readUInt16BE(1) & 0x1fff,
    counter: control & 15,
    begins: Boolean(packet.readUInt8(1) & 0x40),
    scrambled: Boolean(control & 0xc0),
    stuffed: adaptation > adaptationFieldBytes(packet, adaptation),
    payload: packet.subarray(payloadAt),
  };
}

const HAS_ADAPTATION = 0x20;
const HAS_PAYLOAD = 0x10;

/** Returns the bytes that an adaptation field needs for its content; 0 where it is only stuffing (ISO/IEC 13818-1 2.4.3.4). */
function adaptationFieldBytes(packet: Buffer, length: number): number {
  const flags = length < 2 ? 0 : packet.readUInt8(5);
  if (flags === 0) return 0;
  let bytes = 2 + (flags & 0x10 ? 6 : 0) + (flags & 0x08 ? 6 : 0) + (flags & 0x04 ? 1 : 0);
  for (const flag of [0x02, 0x01]) if (flags & flag) bytes += 1 + (packet[4 + bytes] ?? 0); // private data, extension
  return bytes;
}

/** Returns the bytes that a PES packet announces: 0 if it states none, as pictures do; undefined if this is no PES packet. */
export function pesBytes(payload: Buffer): number | undefined {
  if (payload.length < 6 || payload.readUIntBE(0, 3) !== 1) return undefined;
  const length = payload.readUInt16BE(4);
  return length === 0 ? 0 : 6 + length;
}
