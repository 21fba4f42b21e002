import { refuseManyStreams } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { notVideo, truncated } from './refusals.ts';
import { findPackets, type Packing, packetPhase, packetsIn, pesBytes, type TsPacket } from './ts-packets.ts';
import { refuseRepeats } from './ts-repeats.ts';

const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 1024 * 1024;

/** One elementary stream within a stretch of packets. */
type Pid = {
  /** Whether its first packet continues a PES packet that began before. */
  readonly joinedLate: boolean;
  /** The bytes that its last PES packet announces (0 if it states none), and the bytes that are there. */
  readonly needs: number;
  readonly has: number;
  /** Whether its last packet is stuffed, which a packet that ends a PES packet nearly always is. */
  readonly endsStuffed: boolean;
};

/**
 * Throws `truncated` unless the last packet is whole, and the last PES packet of each stream that states its length. A
 * recording that joined a broadcast midway has cut PES packets at both ends, and a camera's piece at its end, so there it is a warning.
 */
export async function judgeTransportStream(source: ByteSource): Promise<string[]> {
  const headBytes = await source.read(0, Math.min(HEAD_BYTES, source.size));
  const head = findPackets(headBytes);
  if (!head) throw notVideo(source, 'no transport stream after all');
  refuseRepeats(source, headBytes.subarray(head.at), head.packing);
  const tailAt = await alignedTail(source, head);
  const streams = pidsOf(headBytes.subarray(head.at), head.packing);
  refuseManyStreams(streams.size);
  const tail = await source.read(tailAt, source.size - tailAt);
  const joinedLate = [...streams.values()].some((stream) => stream.joinedLate);
  const last = pidsOf(tail, head.packing);
  return [
    ...(head.at > 0 ? [`${head.at} stray bytes precede its first packet`] : []),
    ...(tailAt % head.packing.stride === head.at
      ? []
      : ['bytes are missing or added between its first and last packets']),
    ...(isPiece(source, head) ? pieceWarnings(last) : []),
    ...lastPesWarnings(source, isPiece(source, head) ? withoutLength(last) : last, joinedLate),
  ];
}

/** Returns the position of a packet near the end, from which whole packets follow to the end of the file. */
async function alignedTail(source: ByteSource, head: { at: number; packing: Packing }): Promise<number> {
  const { stride } = head.packing;
  const packets = Math.floor((source.size - head.at) / stride);
  const from = head.at + Math.max(0, packets - Math.floor(TAIL_BYTES / stride)) * stride;
  const bytes = await source.read(from, source.size - from);
  const near = bytes.subarray(Math.max(0, bytes.length - (bytes.length % stride) - PACKETS_TO_ALIGN * stride));
  const at = packetPhase(near, head.packing);
  if (at === undefined) throw truncated(source, `its last ${near.length} bytes are no transport stream packets`);
  const rest = (near.length - at) % stride;
  if (rest > 0) throw truncated(source, `it ends within a packet, of which ${rest} of ${stride} bytes are there`);
  return at === 0 ? from : source.size - near.length + at;
}

const PACKETS_TO_ALIGN = 16;

function pidsOf(bytes: Buffer, packing: Packing): Map<number, Pid> {
  const pids = new Map<number, Pid>();
  const early = new Set<number>();
  for (const packet of packetsIn(bytes, packing)) {
    if (packet.scrambled || packet.payload.length === 0) continue;
    const before = pids.get(packet.pid);
    const after = withPacket(before, packet, early.has(packet.pid));
    if (after) pids.set(packet.pid, after);
    else if (!before) early.add(packet.pid);
  }
  return pids;
}

function withPacket(
  before: Pid | undefined,
  { begins, payload, stuffed }: TsPacket,
  joinedLate: boolean,
): Pid | undefined {
  if (!begins) return before && { ...before, has: before.has + payload.length, endsStuffed: stuffed };
  const needs = pesBytes(payload);
  if (needs === undefined) return undefined;
  return { joinedLate: before?.joinedLate ?? joinedLate, needs, has: payload.length, endsStuffed: stuffed };
}

/** Cameras and Blu-ray write units of 32 packets, and divide a long recording behind one of them, wherever its PES packets end. */
const UNIT_BYTES = 32 * 192;

const isPiece = ({ size }: ByteSource, { at, packing }: { at: number; packing: Packing }): boolean =>
  packing.stride === 192 && at === 0 && size % UNIT_BYTES === 0;

/** The streams whose PES packets do not say how long they are: those of pictures. */
const withoutLength = (pids: ReadonlyMap<number, Pid>): ReadonlyMap<number, Pid> =>
  new Map([...pids].filter(([, { needs }]) => needs === 0));

function pieceWarnings(pids: ReadonlyMap<number, Pid>): string[] {
  const bytes = [...pids.values()].reduce((sum, { needs, has }) => sum + (has < needs ? has : 0), 0);
  if (bytes === 0) return [];
  return [
    `it ends with a whole unit of a camera's file and within a PES packet, as a piece of a longer recording does: the last ${bytes} bytes of its streams go on in the next piece, and are used as far as they decode`,
  ];
}

function lastPesWarnings(source: ByteSource, pids: ReadonlyMap<number, Pid>, joinedLate: boolean): string[] {
  const warnings: string[] = [];
  for (const [pid, { needs, has, endsStuffed }] of pids) {
    if (has < needs) {
      const how = `the last PES packet of PID ${pid} has ${has} of ${needs} bytes`;
      if (!joinedLate) throw truncated(source, how);
      warnings.push(`${how}; it joins a broadcast midway, so it may well end midway too`);
    } else if (needs === 0 && !endsStuffed) {
      warnings.push(`the last picture of PID ${pid} may be cut: nothing in the stream tells how long it is`);
    }
  }
  return warnings;
}
