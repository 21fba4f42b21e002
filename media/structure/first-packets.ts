import { subIdAt } from '../../core/recordings/joined-ids.ts';
import { type FirstPackets, PROBED_BYTES } from '../../core/recordings/late-streams.ts';
import type { ProgramMap } from '../../core/recordings/program-maps.ts';
import type { Family } from './families.ts';
import { walkProgram } from './program-walker.ts';
import { readThrough } from './read-through.ts';
import { findPackets, PACKET_BYTES, type Packing, packetsIn } from './ts-packets.ts';

type LookedFor = {
  readonly family: Family;
  /** The maps of a transport stream, which name its streams. */
  readonly maps: readonly ProgramMap[];
  /** The streams that ffmpeg knows, by PIDs or identifiers, with those of which it has heard nothing left out. */
  readonly known: ReadonlySet<number>;
};

/**
 * Returns where streams of a transport or program stream begin that ffmpeg does not know. A program stream has no map and is walked to its
 * end; of a transport stream a map names them, and they are looked for in as much of the file as ffmpeg can look through.
 */
export async function firstPackets(
  path: string,
  { family, maps, known }: LookedFor,
  signal: AbortSignal,
): Promise<FirstPackets> {
  if (family === 'ps') return firstOfProgram(path, signal);
  const sought = new Map(
    maps.flatMap(({ kinds, first }) => [...kinds.keys()].map((pid) => [pid, first] as const)).reverse(),
  );
  for (const pid of known) sought.delete(pid);
  return sought.size === 0 ? sought : firstOfPids(path, sought, signal);
}

/** `sought` has, by its PID, where the first map lies that names the stream. */
async function firstOfPids(path: string, sought: ReadonlyMap<number, number>, signal: AbortSignal) {
  const first = new Map<number, number>();
  let packing: Packing | undefined;
  const read = (bytes: Buffer, from: number, isEnd: boolean) => {
    const found = findPackets(bytes);
    packing ??= found?.packing;
    if (!packing || from > PROBED_BYTES.most) return undefined;
    let done = 0;
    for (const { pid, begins, sync } of packetsIn(bytes, packing, found?.at ?? 0)) {
      if (begins && sought.has(pid) && !first.has(pid)) first.set(pid, from + sync);
      done = sync + PACKET_BYTES;
    }
    if (first.size === sought.size) return undefined;
    return isEnd ? bytes.length : Math.max(done, bytes.length - 2 * packing.stride);
  };
  await readThrough(path, read, signal);
  for (const [pid, at] of sought) if (at > PROBED_BYTES.most && !first.has(pid)) first.set(pid, at);
  return first;
}

async function firstOfProgram(path: string, signal: AbortSignal) {
  const first = new Map<number, number>();
  await readThrough(
    path,
    (bytes, from, isEnd) =>
      walkProgram(bytes, isEnd, (at) => {
        const id = idByFfprobe(bytes, at);
        if (id !== undefined && !first.has(id)) first.set(id, from + at);
      }),
    signal,
  );
  return first;
}

/** ffprobe's name of the stream to which the PES packet at `at` belongs; undefined where ffmpeg makes none of it (libavformat/mpeg.c). */
function idByFfprobe(bytes: Buffer, at: number): number | undefined {
  const code = bytes[at + 3] ?? 0;
  if (code >= 0xc0 && code <= 0xef) return 0x100 | code;
  const sub = bytes[subIdAt(bytes, at) ?? bytes.length] ?? 0;
  return (sub >= 0x20 && sub <= 0x3f) || (sub >= 0x80 && sub <= 0xcf) ? sub : undefined;
}
