import type { ProgramJoint } from './joined-programs.ts';
import { TICKS_A_SECOND } from './recordings.ts';

/** A stream of a program stream: the identifier of its packets (of private ones with that of their payload), and what it is by its first packet. */
type IdentifiedStream = { readonly id: number; readonly like: string };

const PRIVATE = 0xbd;

/** Where the identifier lies that tells streams of private packets apart (DVD-Video); undefined in a packet that has none. */
export const subIdAt = (bytes: Buffer, at: number): number | undefined =>
  bytes[at + 3] === PRIVATE && (bytes[at + 6] ?? 0) >> 6 === 0b10 ? at + 9 + (bytes[at + 8] ?? 0) : undefined;

/** Reads to which stream the PES packet at `at` belongs; undefined where that cannot be told, or is no matter. */
export function streamIdIn(bytes: Buffer, at: number): number | undefined {
  const id = bytes[at + 3] ?? 0;
  if (id >= 0xc0 && id <= 0xef) return id;
  const sub = bytes[subIdAt(bytes, at) ?? bytes.length];
  return sub !== undefined && sub >= 0x80 && sub <= 0xaf ? (PRIVATE << 8) | sub : undefined;
}

/** Says what a stream is by a packet of it with which it begins; undefined where the packet does not tell. */
export function likenessOf(bytes: Buffer, at: number, id: number): string | undefined {
  const sub = id & 0xff;
  if (id > 0xff) return sub < 0x88 ? 'AC-3' : sub < 0x90 ? 'DTS' : sub >= 0xa0 ? 'PCM' : undefined;
  const payload = bytes.subarray(payloadAt(bytes, at), at + 6 + bytes.readUInt16BE(at + 4));
  if (id >= 0xe0) return payload.includes(SEQUENCE) ? 'MPEG-2' : undefined;
  const [sync = 0, layer = 0] = payload;
  return sync === 0xff && layer >> 5 === 0b111 ? `sound ${(layer >> 1) & 3}` : undefined;
}

/** The header with which a picture of MPEG-1 and MPEG-2 begins (ISO/IEC 13818-2 6.2.2.1). */
const SEQUENCE = Buffer.from('000001b3', 'hex');

function payloadAt(bytes: Buffer, at: number): number {
  if ((bytes[at + 6] ?? 0) >> 6 === 0b10) return at + 9 + (bytes[at + 8] ?? 0);
  let begin = at + 6;
  while (bytes[begin] === 0xff && begin < at + 22) begin++;
  if ((bytes[begin] ?? 0) >> 6 === 0b01) begin += 2;
  const marker = (bytes[begin] ?? 0) >> 4;
  return begin + (marker === 0b10 ? 5 : marker === 0b11 ? 10 : 1);
}

/** A clock that goes ahead by more than this, or back, is that of another recording. */
const AHEAD_TICKS = 10 * TICKS_A_SECOND;
/** A file with more joints than this was not joined by anybody. */
const MOST_JOINTS = 10_000;

type Recording = { readonly fromByte: number; readonly streams: Map<number, string | undefined> };

/**
 * Follows the packs and packets of a program stream of several recordings, which begin where its clock jumps, and finds where the only
 * picture of one, or its only sound of a kind, goes on under another identifier in the next.
 */
export function idJoints() {
  const recordings: Recording[] = [];
  let clock: number | undefined;
  return {
    /** Takes a pack: its clock reference in ticks of 90 kHz, and where it lies. */
    addPack(ticks: number, at: number): void {
      const jumps = clock === undefined || ticks < clock || ticks > clock + AHEAD_TICKS;
      if (jumps) recordings.push({ fromByte: at, streams: new Map() });
      clock = ticks;
    },
    /** Takes a packet of a stream; what the stream is by it is asked only of its first one. */
    addPacket(id: number, like: () => string | undefined): void {
      const streams = recordings.at(-1)?.streams;
      if (streams && !streams.has(id)) streams.set(id, like());
    },
    /** Returns the joints when all packets are in; undefined where no identifier changes. */
    found(): readonly ProgramJoint[] | undefined {
      if (recordings.length > MOST_JOINTS) return undefined;
      const known: IdentifiedStream[] = [];
      const joints = recordings.map(({ fromByte, streams }) => ({ fromByte, pids: movedIds(known, streams) }));
      return joints.some(({ pids }) => pids.size > 0) ? joints : undefined;
    },
  };
}

/** Returns the first identifiers of streams that have others in a recording; `known` has those of the ones before, and gets what is new. */
function movedIds(
  known: IdentifiedStream[],
  streams: ReadonlyMap<number, string | undefined>,
): ReadonlyMap<number, number> {
  const moved = new Map<number, number>();
  const added: IdentifiedStream[] = [];
  for (const [id, like] of streams) {
    if (like === undefined) continue;
    const [before, ...others] = known.filter((each) => each.like === like);
    const isAlone = [...streams.values()].filter((each) => each === like).length === 1;
    const isPaired = before && others.length === 0 && isAlone && before.id !== id && !streams.has(before.id);
    if (isPaired) moved.set(id, before.id);
    else if (!known.some((each) => each.id === id)) added.push({ id, like });
  }
  known.push(...added);
  return moved;
}

const shownId = (id: number) => (id > 0xff ? `0xbd/0x${(id & 0xff).toString(16)}` : `0x${id.toString(16)}`);

/** Says that streams of a program stream went on under other identifiers, and which. */
export function idsTold(joints: readonly ProgramJoint[]): string {
  const pairs = joints.flatMap(({ pids }) => [...pids].map(([id, first]) => `${shownId(id)} as ${shownId(first)}`));
  return `the source's streams go on under other identifiers midway (${[...new Set(pairs)].join(', ')}): another recording is taken to begin there, and its streams go on as those before that they match`;
}
