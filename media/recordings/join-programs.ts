import { createReadStream } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../core/errors.ts';
import { describedProgramIn, type ProgramJoint, programJoints } from '../../core/film/joined-programs.ts';
import type { ProgramMap } from '../../core/film/program-maps.ts';
import type { JoinedPrograms, JoiningTask } from '../../core/ports/file-maker.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { findPackets, type Packing, packetAt } from '../structure/ts-packets.ts';
import { programMaps, tableReader } from '../structure/ts-programs.ts';
import { packetWalker } from './packet-walker.ts';
import { rewriteFile } from './rewrite-file.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Copies a transport stream whose recordings have other PIDs from one to the next, with the packets of all of them under the PIDs of the
 * first one; later tables of programs become empty packets, and every other byte stays. Returns undefined for any other file, and where the
 * streams of the recordings do not match one to one. Throws `truncated` unless damage is accepted.
 */
export async function joinPrograms(
  { path, output, damaged }: JoiningTask,
  signal: AbortSignal,
): Promise<JoinedPrograms | undefined> {
  const packing = await packingWithChange(path, signal);
  const joints = packing && (await jointsIn(path, packing, signal));
  if (!packing || !joints) return undefined;
  await judgeStructure(path, signal, damaged); // its reasons name the source, and not the copy
  const walk = packetWalker(packing);
  const move = pidMover(joints);
  await rewriteFile(
    { path, output },
    (bytes, from, isEnd) => walk(bytes, isEnd, (sync, at) => move(bytes, sync, from + at)),
    signal,
  );
  return { joints };
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
  let rest: Buffer = Buffer.alloc(0);
  let from = 0;
  let isClear = true;
  const read = (bytes: Buffer, isEnd: boolean) => {
    const done = walk(bytes, isEnd, (sync, at) => {
      const packet = packetAt(bytes, sync);
      if (!packet || !isClear) return;
      const section = tables.mapSection(packet);
      const isOfPrograms = tables.isOfPrograms(packet.pid);
      isClear = joints.add({
        pid: packet.pid,
        at: from + at,
        isOfPrograms,
        map: section && describedProgramIn(section),
      });
    });
    from += done;
    rest = bytes.subarray(done);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while reading the programs');
    read(Buffer.concat([rest, chunk]), false);
    if (!isClear) return undefined;
  }
  read(rest, true);
  return joints.found();
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
