import type { Promised } from '../../core/film/promised.ts';
import { chunkAt, chunksIn, type RiffChunk } from './avi-chunks.ts';
import type { ByteSource } from './byte-source.ts';

/**
 * Returns how many frames with any data the indexes of an AVI name; an entry of no bytes repeats the picture before. OpenDML
 * indexes are preferred, since `idx1` only covers the first RIFF.
 */
export async function aviPromise(source: ByteSource): Promise<Promised> {
  let [old, picture]: [RiffChunk | undefined, AviPicture | undefined] = [undefined, undefined];
  const riff = await chunkAt(source, 0);
  if (riff?.id !== 'RIFF') return {};
  for await (const chunk of chunksIn(source, { ...riff, end: Math.min(riff.end, source.size) })) {
    if (chunk.form === 'hdrl') picture = await pictureOf(source, chunk);
    if (chunk.id === 'idx1') old = chunk;
  }
  old ??= await lastIndex(source);
  if (!picture) return {};
  const frames = picture.indx
    ? await framesOfIndx(source, picture.indx)
    : old && (await framesOfIdx1(source, old, picture));
  return frames ? { frames } : {};
}

/** The picture's stream number, and its OpenDML index. */
type AviPicture = { readonly number: number; readonly indx: RiffChunk | undefined };

async function pictureOf(source: ByteSource, hdrl: RiffChunk): Promise<AviPicture | undefined> {
  let number = -1;
  for await (const strl of chunksIn(source, hdrl)) {
    if (strl.form !== 'strl') continue;
    number += 1;
    let [isPicture, indx]: [boolean, RiffChunk | undefined] = [false, undefined];
    for await (const inner of chunksIn(source, strl)) {
      if (inner.id === 'strh') isPicture = (await source.read(inner.dataStart, 4)).toString('latin1') === 'vids';
      if (inner.id === 'indx') indx = inner;
    }
    if (isPicture) return { number, indx };
  }
  return undefined;
}

const IDX1_ENTRY_BYTES = 16;
const ENTRIES_A_READ = 4096;

async function framesOfIdx1(source: ByteSource, idx1: RiffChunk, { number }: AviPicture): Promise<number> {
  const name = String(number).padStart(2, '0');
  return countEntries(source, idx1.dataStart, {
    bytes: Math.min(idx1.end, source.size) - idx1.dataStart,
    width: IDX1_ENTRY_BYTES,
    counts: (entry) =>
      /^..d[bc]$/.test(entry.toString('latin1', 0, 4)) &&
      entry.toString('latin1', 0, 2) === name &&
      entry.readUInt32LE(12) > 0,
  });
}

const ENTRIES_AT = 24;
const INDEX_OF_INDEXES = 0;
const SUPER_ENTRY_BYTES = 16;
const STANDARD_ENTRY_BYTES = 8;
/** An AVI that lasts a day has about a hundred indexes. */
const MOST_INDEXES = 4096;

async function framesOfIndx(source: ByteSource, indx: RiffChunk): Promise<number> {
  const head = await source.read(indx.dataStart, ENTRIES_AT);
  if (head.length < ENTRIES_AT) return 0;
  if (head.readUInt8(3) !== INDEX_OF_INDEXES) return framesOfStandard(source, indx);
  let frames = 0;
  const room = Math.floor((indx.end - indx.dataStart - ENTRIES_AT) / SUPER_ENTRY_BYTES);
  const entries = Math.min(head.readUInt32LE(4), room, MOST_INDEXES);
  for (let i = 0; i < entries; i++) {
    const entry = await source.read(indx.dataStart + ENTRIES_AT + i * SUPER_ENTRY_BYTES, SUPER_ENTRY_BYTES);
    if (entry.length < SUPER_ENTRY_BYTES) break;
    const index = await chunkAt(source, Number(entry.readBigUInt64LE(0)));
    if (index && /^ix\d\d$/.test(index.id)) frames += await framesOfStandard(source, index);
    else frames += entry.readUInt32LE(12); // the index itself is missing, but its entry still states how many frames it had
  }
  return frames;
}

/** Counts the frames of a standard index, in which the high bit of a size marks a frame that is no keyframe. */
async function framesOfStandard(source: ByteSource, index: RiffChunk): Promise<number> {
  const head = await source.read(index.dataStart, ENTRIES_AT);
  if (head.length < ENTRIES_AT) return 0;
  const room = Math.min(index.end, source.size) - index.dataStart - ENTRIES_AT;
  return countEntries(source, index.dataStart + ENTRIES_AT, {
    bytes: Math.min(room, head.readUInt32LE(4) * STANDARD_ENTRY_BYTES),
    width: STANDARD_ENTRY_BYTES,
    counts: (entry) => (entry.readUInt32LE(4) & 0x7fff_ffff) > 0,
  });
}

async function countEntries(
  source: ByteSource,
  at: number,
  { bytes, width, counts }: { readonly bytes: number; readonly width: number; counts(entry: Buffer): boolean },
): Promise<number> {
  let count = 0;
  for (let done = 0; done + width <= bytes; done += ENTRIES_A_READ * width) {
    const block = await source.read(at + done, Math.min(ENTRIES_A_READ * width, bytes - done));
    for (let i = 0; i + width <= block.length; i += width) if (counts(block.subarray(i, i + width))) count++;
  }
  return count;
}

const TAIL_BYTES = 4 * 1024 * 1024;

/** Returns the last `idx1` near the end of the file, where it is found even if a list before it has a wrong size. */
async function lastIndex(source: ByteSource): Promise<RiffChunk | undefined> {
  const from = Math.max(0, source.size - TAIL_BYTES);
  const at = (await source.read(from, source.size - from)).lastIndexOf('idx1', undefined, 'latin1');
  const index = at < 0 ? undefined : await chunkAt(source, from + at);
  return index && index.end <= source.size ? index : undefined;
}
