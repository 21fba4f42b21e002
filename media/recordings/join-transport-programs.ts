import { isDeepStrictEqual } from 'node:util';
import {
  describedProgramIn,
  jointsTold,
  type ProgramJoint,
  programJoints,
} from '../../core/recordings/joined-programs.ts';
import type { ProgramMap } from '../../core/recordings/program-maps.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { readThrough } from '../structure/read-through.ts';
import { findPackets, type Packing, packetAt } from '../structure/ts-packets.ts';
import { programMaps, tableReader } from '../structure/ts-programs.ts';
import { packetWalker } from './packet-walker.ts';
import type { Joining } from './rewrite-file.ts';

/**
 * Returns how a transport stream whose recordings have other PIDs from one to the next is rewritten so that the packets of all of them have
 * the PIDs of the first one; later tables of programs become empty packets, and every other byte stays. Returns undefined for any other
 * file, and where the streams of the recordings do not match one to one.
 */
export async function transportJoining(path: string, signal: AbortSignal): Promise<Joining | undefined> {
  const packing = await packingWithChange(path, signal);
  const joints = packing && (await jointsIn(path, packing, signal));
  if (!packing || !joints) return undefined;
  const walk = packetWalker(packing);
  const move = pidMover(joints);
  return {
    told: jointsTold(joints),
    rewrite: (bytes, from, isEnd) => walk(bytes, isEnd, (sync, at) => move(bytes, sync, from + at)),
  };
}

/** The packing of a transport stream whose maps have other PIDs midway; undefined for any other file. */
const packingWithChange = (path: string, signal: AbortSignal): Promise<Packing | undefined> =>
  withByteSource(path, signal, async (source) => {
    const packing = findPackets(await source.read(0, Math.min(source.size, 64 * 1024)))?.packing;
    return packing && changesPids(await programMaps(source)) ? packing : undefined;
  });

/** Whether the maps of a file, in file order, have other PIDs later on, or other kinds of streams under them. */
const changesPids = ([first, ...later]: readonly ProgramMap[]): boolean =>
  later.some(({ kinds }) => !isDeepStrictEqual(kinds, first?.kinds));

async function jointsIn(
  path: string,
  packing: Packing,
  signal: AbortSignal,
): Promise<readonly ProgramJoint[] | undefined> {
  const walk = packetWalker(packing);
  const tables = tableReader();
  const joints = programJoints();
  let isClear = true;
  await readThrough(
    path,
    (bytes, from, isEnd) => {
      const done = walk(bytes, isEnd, (sync, at) => {
        const packet = packetAt(bytes, sync);
        if (!packet || !isClear) return;
        const section = tables.mapSection(packet);
        const isOfPrograms = tables.isOfPrograms(packet.pid);
        const map = section && describedProgramIn(section);
        isClear = joints.add({ pid: packet.pid, at: from + at, isOfPrograms, map });
      });
      return isClear ? done : undefined;
    },
    signal,
  );
  return isClear ? joints.found() : undefined;
}

/** Returns what gives a packet the PID that its stream had first. Packets are given in the order of the file. */
function pidMover(joints: readonly ProgramJoint[]) {
  const tables = tableReader();
  const first = new Set(joints.flatMap(({ pids }) => [...pids.values()]));
  let next = 0;
  let pids: ReadonlyMap<number, number> | undefined;
  return (bytes: Buffer, sync: number, at: number): void => {
    for (let joint = joints[next]; joint && joint.fromByte <= at; joint = joints[++next]) pids = joint.pids;
    const packet = packetAt(bytes, sync);
    if (!packet) return;
    tables.mapSection(packet);
    if (!pids) return;
    const now = pids.get(packet.pid);
    if (now !== undefined) bytes.writeUInt16BE((bytes.readUInt16BE(sync + 1) & 0xe000) | now, sync + 1);
    else if (tables.isOfPrograms(packet.pid) || first.has(packet.pid)) bytes.set(EMPTY, sync + 1);
  };
}

/** What follows the sync byte of a packet that says nothing (ISO/IEC 13818-1 2.4.1). */
const EMPTY = [0x1f, 0xff, 0x10];
