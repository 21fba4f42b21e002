import { type FileHandle, open } from 'node:fs/promises';
import { idOf, sizeBytesOf, voidElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { clusterOfLast } from '../../core/description/matroska-end.ts';
import type { MatroskaPlan } from '../../core/encode/matroska-plan.ts';
import type { OpusDelays } from '../../core/encode/opus-delays.ts';
import { seekHead, seekHeadBytes, segmentParts } from '../../core/encode/segment-parts.ts';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { type EbmlElement, elementsIn, elementsOf } from '../structure/ebml-elements.ts';
import { countBlocks } from './count-blocks.ts';

const LARGEST_PART = 64 * 2 ** 20;
const COPY_BYTES = 4 * 2 ** 20;

/** A stretch of bytes that is appended: from memory, or from a file. */
export type AppendedBytes = Buffer | { readonly path: string; readonly start: number; readonly end: number };

type WrittenSegment = {
  readonly element: EbmlElement;
  /** The elements before the first cluster. */
  readonly head: readonly Buffer[];
  readonly clusters: { readonly start: number; readonly end: number };
  readonly lastCluster: number;
  readonly cues: number | undefined;
  readonly size: number;
};

/**
 * Writes into a Matroska file of our own how the film describes itself, in the room before the first cluster that the muxer
 * left, and appends its attachments. What finds no room there is appended as well. No cluster moves, so that every position
 * in the file stays right; the list of positions is written anew.
 */
export async function editSegment(
  path: string,
  plan: MatroskaPlan,
  {
    attachments,
    delays,
    firstSeconds,
    signal,
  }: {
    readonly attachments: readonly AppendedBytes[];
    /** By how many ticks the blocks of tracks are to come later. */
    readonly delays: OpusDelays;
    /** When the picture was to begin. */
    readonly firstSeconds: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const segment = await withByteSource(path, signal, readSegment);
  const file = await open(path, 'r+');
  try {
    const counts = await countBlocks(file, { ...segment.clusters, delays, signal });
    const parts = segmentParts(segment.head, plan, { counts, firstSeconds });
    const { head, tail } = placed(
      parts,
      segment,
      attachments.reduce((sum, each) => sum + lengthOf(each), 0),
    );
    await writeFailure(file.write(head, 0, head.length, segment.element.dataStart), path);
    let end = segment.size;
    const lasts = await withoutLastBlocks(file, plan, { counts, lastCluster: segment.lastCluster });
    for (const bytes of [...attachments, ...tail, ...lasts])
      end = await writeFailure(append(file, bytes, end, signal), path);
    const { start, dataStart } = segment.element;
    const size = sizeBytesOf(end - dataStart, dataStart - start - 4);
    await writeFailure(file.write(size, 0, size.length, start + 4), path);
  } finally {
    await file.close();
  }
}

/**
 * Returns the last block of each sound that ends within it, as a cluster that says so, and leaves empty room where it was. A sound
 * that ends before the last cluster stays as it is, up to the end of its packet, since players would find the block too late.
 */
async function withoutLastBlocks(
  file: FileHandle,
  { ends }: MatroskaPlan,
  { counts, lastCluster }: { readonly counts: Awaited<ReturnType<typeof countBlocks>>; readonly lastCluster: number },
): Promise<readonly Buffer[]> {
  const clusters: Buffer[] = [];
  for (const [place, ending] of ends) {
    const last = counts.get(place + 1)?.last; // ffmpeg numbers tracks from 1 on
    if (!last?.isSimple || last.cluster !== lastCluster) continue;
    const block = Buffer.alloc(last.end - last.start);
    await file.read(block, 0, block.length, last.start);
    clusters.push(clusterOfLast(block, last.ticks, ending));
    const room = voidElement(block.length);
    await file.write(room, 0, room.length, last.start);
  }
  return clusters;
}

async function readSegment(source: ByteSource): Promise<WrittenSegment> {
  for await (const element of elementsIn(source, 0, source.size)) {
    if (element.id !== MKV.Segment) continue;
    const head: Buffer[] = [];
    let [first, last, lastCluster, cues]: (number | undefined)[] = [];
    for await (const part of elementsOf(source, element)) {
      if (part.id === MKV.Cluster) {
        first ??= part.start;
        last = part.end;
        lastCluster = part.start;
      } else if (part.id === MKV.Cues) cues = part.start;
      else if (first === undefined && part.id !== MKV.Void) head.push(await partOf(source, part));
    }
    if (first === undefined || last === undefined || lastCluster === undefined) break;
    return { element, head, clusters: { start: first, end: last }, lastCluster, cues, size: source.size };
  }
  throw new ServiceError('not-exact', 'the joined file has no cluster');
}

async function partOf(source: ByteSource, { start, end }: EbmlElement): Promise<Buffer> {
  if (end - start > LARGEST_PART)
    throw new ServiceError(
      'over-limit',
      `the description of the film has ${end - start} bytes; at most ${LARGEST_PART} can be written`,
    );
  const blocks: Buffer[] = [];
  for (let at = start; at < end; at += COPY_BYTES) blocks.push(await source.read(at, Math.min(COPY_BYTES, end - at)));
  return Buffer.concat(blocks);
}

/** Lays the parts into the room before the first cluster, as many as fit, and lists where each of them is. */
function placed(
  parts: readonly Buffer[],
  { element, clusters, cues, size }: WrittenSegment,
  attachedBytes: number,
): { readonly head: Buffer; readonly tail: readonly Buffer[] } {
  const room = clusters.start - element.dataStart;
  const listed = parts.length + (cues === undefined ? 0 : 1) + (attachedBytes > 0 ? 1 : 0);
  let used = seekHeadBytes(listed);
  const positions: [number, number][] = cues === undefined ? [] : [[MKV.Cues, cues - element.dataStart]];
  if (attachedBytes > 0) positions.push([MKV.Attachments, size - element.dataStart]);
  const inHead: Buffer[] = [];
  const tail: Buffer[] = [];
  let end = size + attachedBytes;
  for (const bytes of parts) {
    // a rest of one byte cannot be filled
    const fits = used + bytes.length === room || used + bytes.length + 2 <= room;
    if (!fits) {
      tail.push(bytes);
      positions.push([idOf(bytes), end - element.dataStart]);
      end += bytes.length;
      continue;
    }
    positions.push([idOf(bytes), used]);
    inHead.push(bytes);
    used += bytes.length;
  }
  return {
    head: Buffer.concat([seekHead(positions), ...inHead, ...(room > used ? [voidElement(room - used)] : [])]),
    tail,
  };
}

const lengthOf = (bytes: AppendedBytes): number => (Buffer.isBuffer(bytes) ? bytes.length : bytes.end - bytes.start);

async function append(file: FileHandle, bytes: AppendedBytes, at: number, signal: AbortSignal): Promise<number> {
  if (Buffer.isBuffer(bytes)) {
    await file.write(bytes, 0, bytes.length, at);
    return at + bytes.length;
  }
  const from = await open(bytes.path, 'r');
  try {
    const block = Buffer.alloc(Math.min(COPY_BYTES, bytes.end - bytes.start));
    for (let done = bytes.start; done < bytes.end; ) {
      signal.throwIfAborted();
      const { bytesRead } = await from.read(block, 0, Math.min(block.length, bytes.end - done), done);
      if (bytesRead === 0)
        throw new ServiceError('truncated', 'the source became shorter while it was read; drop it again');
      await file.write(block, 0, bytesRead, at + done - bytes.start);
      done += bytesRead;
    }
    return at + bytes.end - bytes.start;
  } finally {
    await from.close();
  }
}
