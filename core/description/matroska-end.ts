import { ebmlElements, newElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { LastPacket } from '../bytes/opus-end.ts';

const KEYFRAME = 0x80;
const NANOSECONDS = 1e9;
const OPUS_RATE = 48_000;

/**
 * Returns a cluster with a simple block of Opus as a group that says how much of it is an encoder's padding (DiscardPadding,
 * RFC 9559 5.1.3.5.7), which a simple block cannot say. `ticks` is the time of the block.
 */
export function clusterOfLast(simple: Buffer, ticks: number, { samples, shown }: LastPacket): Buffer {
  const [whole] = ebmlElements(simple);
  if (!whole) throw new Error('no block of Matroska');
  const block = Buffer.from(simple.subarray(whole.body, whole.end));
  const numberBytes = Math.clz32(block[0] ?? 0) - 23;
  block.writeInt16BE(0, numberBytes); // its cluster begins with it
  const flags = numberBytes + 2;
  block[flags] = (block[flags] ?? 0) & ~KEYFRAME; // a block of a group is a keyframe where it refers to no other
  const padding = Buffer.alloc(8);
  padding.writeBigInt64BE(BigInt(Math.round(((samples - shown) * NANOSECONDS) / OPUS_RATE)));
  return newElement(
    MKV.Cluster,
    uintElement(MKV.ClusterTimestamp, ticks),
    newElement(MKV.BlockGroup, newElement(MKV.Block, block), newElement(MKV.DiscardPadding, padding)),
  );
}
