import { scrIn } from '../../core/recordings/clock-fields.ts';
import { idJoints, idsTold, likenessOf, streamIdIn, subIdAt } from '../../core/recordings/joined-ids.ts';
import type { ProgramJoint } from '../../core/recordings/joined-programs.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { walkProgram } from '../structure/program-walker.ts';
import { PACK, PACK_CODE } from '../structure/ps-packets.ts';
import { readThrough } from '../structure/read-through.ts';
import type { Joining } from './rewrite-file.ts';

/** A smaller file is looked at as a whole for other identifiers, a larger one at so many places. */
const PLACES = 32;
const BYTES_EACH = 2 ** 20;

/**
 * Returns how a program stream whose recordings have other identifiers from one to the next is rewritten so that their only picture, and their
 * only sound of a kind, has that of the first one; every other byte stays. Returns undefined for any other file.
 */
export async function programJoining(path: string, signal: AbortSignal): Promise<Joining | undefined> {
  if (!(await withByteSource(path, signal, changesIds))) return undefined;
  const joints = idJoints();
  await readThrough(
    path,
    (bytes, from, isEnd) =>
      walkProgram(bytes, isEnd, (at, code) => {
        if (code === PACK_CODE) joints.addPack(scrIn(bytes, at), from + at);
        const id = streamIdIn(bytes, at);
        if (id !== undefined) joints.addPacket(id, () => likenessOf(bytes, at, id));
      }),
    signal,
  );
  const found = joints.found();
  if (!found) return undefined;
  const move = idMover(found);
  const rewrite = (bytes: Buffer, from: number, isEnd: boolean) =>
    walkProgram(bytes, isEnd, (at) => move(bytes, at, from + at));
  return { told: idsTold(found), rewrite };
}

/** Whether streams of a program stream are at some of its places and not at others. */
async function changesIds(source: ByteSource): Promise<boolean> {
  if (!(await source.read(0, PACK.length)).equals(PACK)) return false;
  const places = Math.min(PLACES, Math.ceil(source.size / BYTES_EACH));
  const bytesEach = Math.min(BYTES_EACH, source.size);
  const seen = new Set<string>();
  for (let place = 0; place < places; place++) {
    const from = Math.floor(((source.size - bytesEach) * place) / Math.max(1, places - 1));
    for (const ids of idsByClock(await source.read(from, bytesEach))) seen.add(ids);
  }
  return seen.size > 1;
}

/** The identifiers between jumps of the clock, as text. */
function idsByClock(bytes: Buffer): readonly string[] {
  const found: Set<number>[] = [new Set()];
  let clock = 0;
  walkProgram(bytes, true, (at, code) => {
    if (code === PACK_CODE) {
      const now = scrIn(bytes, at);
      if (now < clock) found.push(new Set());
      clock = now;
    }
    const id = streamIdIn(bytes, at);
    if (id !== undefined) found.at(-1)?.add(id);
  });
  return found.filter((ids) => ids.size > 0).map((ids) => [...ids].sort().join(' '));
}

/** Returns what gives a packet the identifier that its stream had first. Packets are given in the order of the file. */
function idMover(joints: readonly ProgramJoint[]) {
  let next = 0;
  let ids: ReadonlyMap<number, number> = new Map();
  return (bytes: Buffer, at: number, place: number): void => {
    for (let joint = joints[next]; joint && joint.fromByte <= place; joint = joints[++next]) ids = joint.pids;
    const id = streamIdIn(bytes, at);
    const first = id === undefined ? undefined : ids.get(id);
    if (first !== undefined) bytes.writeUInt8(first & 0xff, subIdAt(bytes, at) ?? at + 3);
  };
}
