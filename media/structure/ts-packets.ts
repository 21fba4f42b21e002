/** MPEG transport stream packets, ISO/IEC 13818-1 2.4.3. */
export const SYNC = 0x47;
const PACKET_BYTES = 188;

/** How packets lie in a file: bare, behind a 4-byte time stamp (Blu-ray, AVCHD), before 16 bytes of parity. */
export type Packing = { readonly stride: 188 | 192 | 204; readonly prefix: 0 | 4 };

const PACKINGS: readonly Packing[] = [
  { stride: 188, prefix: 0 },
  { stride: 192, prefix: 4 },
  { stride: 204, prefix: 0 },
];

/** Sync bytes in a row that make a transport stream credible; fewer are enough only where the bytes end. */
const ENOUGH = 8;
const FEWEST = 2;

/** Where the first packet in `bytes` begins and how the others follow; undefined if there are none. */
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

/** Where packets of a known packing begin in `bytes`, one damaged in two forgiven; undefined if there are none. */
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
  readonly pid: number;
  /** A PES packet or section begins in it. */
  readonly begins: boolean;
  readonly scrambled: boolean;
  /** Bytes were added to fill it, as is done (183 times in 184) where a PES packet ends. */
  readonly stuffed: boolean;
  readonly payload: Buffer;
};

/** The packet whose sync byte is at `sync`; undefined if there is none, or not all of it. */
export function packetAt(bytes: Buffer, sync: number): TsPacket | undefined {
  const packet = bytes.subarray(sync, sync + PACKET_BYTES);
  if (packet.length < PACKET_BYTES || packet[0] !== SYNC) return undefined;
  const control = packet.readUInt8(3);
  const adaptation = control & HAS_ADAPTATION ? 1 + packet.readUInt8(4) : 0;
  const payloadAt = control & HAS_PAYLOAD ? Math.min(4 + adaptation, PACKET_BYTES) : PACKET_BYTES;
  return {
    pid: packet.readUInt16BE(1) & 0x1fff,
    begins: Boolean(packet.readUInt8(1) & 0x40),
    scrambled: Boolean(control & 0xc0),
    stuffed: adaptation > adaptationFieldBytes(packet, adaptation),
    payload: packet.subarray(payloadAt),
  };
}

const HAS_ADAPTATION = 0x20;
const HAS_PAYLOAD = 0x10;

/** What an adaptation field needs for what it carries: nothing where it is only there to fill. ISO/IEC 13818-1 2.4.3.4. */
function adaptationFieldBytes(packet: Buffer, length: number): number {
  const flags = length < 2 ? 0 : packet.readUInt8(5);
  if (flags === 0) return 0;
  let bytes = 2 + (flags & 0x10 ? 6 : 0) + (flags & 0x08 ? 6 : 0) + (flags & 0x04 ? 1 : 0);
  for (const flag of [0x02, 0x01]) if (flags & flag) bytes += 1 + (packet[4 + bytes] ?? 0); // private data, extension
  return bytes;
}

/** The bytes a PES packet must have: undefined if this is none, 0 if it does not say (pictures in a transport stream). */
export function pesBytes(payload: Buffer): number | undefined {
  if (payload.length < 6 || payload.readUIntBE(0, 3) !== 1) return undefined;
  const length = payload.readUInt16BE(4);
  return length === 0 ? 0 : 6 + length;
}
