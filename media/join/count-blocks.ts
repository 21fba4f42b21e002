import type { FileHandle } from 'node:fs/promises';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { OpusDelays } from '../../core/encode/opus-delays.ts';
import { ServiceError } from '../../core/errors.ts';

/** What the blocks of one track are, by their headers. */
type BlockCount = {
  readonly blocks: number;
  readonly bytes: number;
  readonly firstTicks: number;
  /** By how many ticks the blocks were moved. */
  readonly delayTicks: number;
  readonly last: LastBlock;
};

/** Where the last block lies, with its header, and the time at which it is shown. A simple one says nothing but that it is a keyframe. */
type LastBlock = {
  readonly start: number;
  readonly end: number;
  readonly ticks: number;
  readonly isSimple: boolean;
  /** Where its cluster begins. */
  readonly cluster: number;
};

type BlockRange = {
  readonly start: number;
  readonly end: number;
  /** By how many ticks the blocks of tracks are to come later. */
  readonly delays: OpusDelays;
  readonly signal: AbortSignal;
};

type Counting = { -readonly [Key in keyof BlockCount]: BlockCount[Key] };

const NOTHING = { blocks: 0, bytes: 0, firstTicks: Number.POSITIVE_INFINITY };
const WINDOW = 256 * 1024;
/** Signals are asked between so many elements. */
const ELEMENTS_AT_ONCE = 1000;

/**
 * Counts the blocks in the clusters of a Matroska file of our own, which have no laces, by the numbers of their tracks, and
 * moves those of tracks with a delay in their place: a block has its time as a distance from its cluster's.
 */
export async function countBlocks(
  file: FileHandle,
  { start, end, delays, signal }: BlockRange,
): Promise<ReadonlyMap<number, BlockCount>> {
  const counts = new Map<number, Counting>();
  const read = windowOf(file);
  let [cluster, clusterAt] = [0, start];
  let seen = 0;
  for (let at = start; at < end; ) {
    if (seen++ % ELEMENTS_AT_ONCE === 0) signal.throwIfAborted();
    const head = await read(at, Math.min(24, end - at));
    const idBytes = vintBytes(head, 0);
    const sizeBytes = vintBytes(head, idBytes);
    const id = head.readUIntBE(0, Math.min(idBytes, 4));
    const body = at + idBytes + sizeBytes;
    const size = sizeIn(head.subarray(idBytes, idBytes + sizeBytes));
    if (id === MKV.Cluster) clusterAt = at;
    if (id === MKV.ClusterTimestamp) cluster = uintIn(await read(body, size));
    if (id === MKV.SimpleBlock || id === MKV.Block) {
      const block = await read(body, Math.min(12, size));
      const numberBytes = vintBytes(block, 0);
      const track = sizeIn(block.subarray(0, numberBytes));
      const delay = delays.get(track) ?? 0;
      const distance = block.readInt16BE(numberBytes) + delay;
      if (delay !== 0) await writeDistance(file, distance, body + numberBytes);
      const ticks = cluster + distance;
      const last = { start: at, end: body + size, ticks, isSimple: id === MKV.SimpleBlock, cluster: clusterAt };
      const count = counts.get(track) ?? { ...NOTHING, delayTicks: delay, last };
      counts.set(track, count);
      count.last = last;
      count.blocks += 1;
      count.bytes += size - numberBytes - 3;
      count.firstTicks = Math.min(count.firstTicks, ticks);
    }
    at = id === MKV.Cluster || id === MKV.BlockGroup ? body : body + size;
  }
  return counts;
}

async function writeDistance(file: FileHandle, distance: number, at: number): Promise<void> {
  if (distance >= 2 ** 15) throw new ServiceError('not-exact', `a block lies ${distance} ms after its cluster's time`);
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(distance);
  await file.write(bytes, 0, bytes.length, at);
}

/** Reads a file forward through one window, which is kept while reads lie in it. */
function windowOf(file: FileHandle): (at: number, length: number) => Promise<Buffer> {
  const window = Buffer.alloc(WINDOW);
  let [from, to] = [0, 0];
  return async (at, length) => {
    if (at < from || at + length > to) {
      const { bytesRead } = await file.read(window, 0, WINDOW, at);
      [from, to] = [at, at + bytesRead];
    }
    if (at + length > to) throw new Error(`a block at byte ${at} reaches beyond the file`);
    return window.subarray(at - from, at - from + length);
  };
}

function vintBytes(bytes: Buffer, at: number): number {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length > 8) throw new Error('no element of Matroska');
  return length;
}

const sizeIn = (bytes: Buffer): number =>
  bytes.reduce((value, byte, i) => (i === 0 ? byte & (2 ** (8 - bytes.length) - 1) : value * 256 + byte), 0);

const uintIn = (bytes: Buffer): number => bytes.reduce((value, byte) => value * 256 + byte, 0);
