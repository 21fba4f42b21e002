import type { ByteSource } from './byte-source.ts';
import { childrenOf, findBox, type Mp4Box, payloadStart } from './mp4-boxes.ts';
import { broken } from './refusals.ts';

// Flags of tfhd and trun, ISO/IEC 14496-12 8.8.7 and 8.8.8.
const BASE_DATA_OFFSET = 0x1;
const SAMPLE_DESCRIPTION = 0x2;
const DEFAULT_DURATION = 0x8;
const DEFAULT_SIZE = 0x10;
const BASE_IS_MOOF = 0x2_0000;
const DATA_OFFSET = 0x1;
const FIRST_FLAGS = 0x4;
const SAMPLE_DURATION = 0x100;
const SAMPLE_SIZE = 0x200;
const SAMPLE_FLAGS = 0x400;
const SAMPLE_TIME_OFFSET = 0x800;

/** Returns where the sample data of a fragment ends by its runs, or the fragment's beginning if it has no samples. */
export async function fragmentDataEnd(source: ByteSource, moof: Mp4Box, moov: Mp4Box): Promise<number> {
  let furthest = moof.start;
  let previousEnd = moof.start;
  for await (const traf of childrenOf(source, moof)) {
    if (traf.type !== 'traf') continue;
    const header = await trackFragmentHeader(source, traf, moov);
    const base = header.base ?? (header.baseIsMoof ? moof.start : previousEnd);
    previousEnd = base;
    for await (const box of childrenOf(source, traf)) {
      if (box.type !== 'trun') continue;
      const run = await readRun(source, box, header.defaultSize);
      previousEnd = (run.offset === undefined ? previousEnd : base + run.offset) + run.bytes;
      if (run.bytes > 0) furthest = Math.max(furthest, previousEnd);
    }
  }
  return furthest;
}

async function trackFragmentHeader(source: ByteSource, traf: Mp4Box, moov: Mp4Box) {
  const tfhd = await findBox(source, traf, 'tfhd');
  if (!tfhd) throw broken(source, `the fragment at byte ${traf.start} has no header (tfhd)`);
  const head = await payloadStart(source, tfhd, 8);
  const flags = head.readUInt32BE(0) & 0xff_ffff;
  const sizeAt =
    8 + (flags & BASE_DATA_OFFSET ? 8 : 0) + (flags & SAMPLE_DESCRIPTION ? 4 : 0) + (flags & DEFAULT_DURATION ? 4 : 0);
  const fields = await payloadStart(source, tfhd, sizeAt + (flags & DEFAULT_SIZE ? 4 : 0));
  return {
    base: flags & BASE_DATA_OFFSET ? Number(fields.readBigUInt64BE(8)) : undefined,
    baseIsMoof: Boolean(flags & BASE_IS_MOOF),
    defaultSize:
      flags & DEFAULT_SIZE ? fields.readUInt32BE(sizeAt) : await trackDefault(source, moov, head.readUInt32BE(4)),
  };
}

/** Returns the track's default sample size (`trex` in `moov/mvex`); 0 if there is none. */
async function trackDefault(source: ByteSource, moov: Mp4Box, track: number): Promise<number> {
  const mvex = await findBox(source, moov, 'mvex');
  if (!mvex) return 0;
  for await (const box of childrenOf(source, mvex)) {
    if (box.type !== 'trex') continue;
    const trex = await payloadStart(source, box, 24);
    if (trex.readUInt32BE(4) === track) return trex.readUInt32BE(16);
  }
  return 0;
}

async function readRun(source: ByteSource, trun: Mp4Box, defaultSize: number) {
  const head = await payloadStart(source, trun, 8);
  const flags = head.readUInt32BE(0) & 0xff_ffff;
  const count = head.readUInt32BE(4);
  const entriesAt = 8 + (flags & DATA_OFFSET ? 4 : 0) + (flags & FIRST_FLAGS ? 4 : 0);
  const fields = await payloadStart(source, trun, entriesAt);
  const offset = flags & DATA_OFFSET ? fields.readInt32BE(8) : undefined;
  if (!(flags & SAMPLE_SIZE)) return { offset, bytes: count * defaultSize };
  const width =
    4 * [SAMPLE_DURATION, SAMPLE_SIZE, SAMPLE_FLAGS, SAMPLE_TIME_OFFSET].filter((bit) => flags & bit).length;
  const sizeAt = flags & SAMPLE_DURATION ? 4 : 0;
  const entries = await payloadStart(source, trun, entriesAt + count * width);
  let bytes = 0;
  for (let at = entriesAt + sizeAt; at < entries.length; at += width) bytes += entries.readUInt32BE(at);
  return { offset, bytes };
}

/** Returns where the last segment ends that a `sidx` announces; its offsets count from the end of the box. */
export async function indexedEnd(source: ByteSource, sidx: Mp4Box): Promise<number> {
  const { firstOffset, references } = await readSidx(source, sidx);
  return references.reduce((end, { bytes }) => end + bytes, sidx.end + firstOffset);
}

/**
 * Returns the sums of the durations that a `sidx` names, in its ticks, of media and of other indexes, and the offset at which
 * the bytes that it names end.
 */
export async function indexedDurations(source: ByteSource, sidx: Mp4Box) {
  const { track, timescale, references, firstOffset } = await readSidx(source, sidx);
  let [media, indexes, end] = [0, 0, sidx.end + firstOffset];
  for (const { duration, isIndex, bytes } of references) {
    if (isIndex) indexes += duration;
    else media += duration;
    end += bytes;
  }
  return { track, timescale, media, indexes, end };
}

/** Reads a segment index box (ISO/IEC 14496-12 8.16.3). */
async function readSidx(source: ByteSource, sidx: Mp4Box) {
  const isWide = (await payloadStart(source, sidx, 1)).readUInt8(0) > 0;
  const countAt = (isWide ? 28 : 20) + 2;
  const head = await payloadStart(source, sidx, countAt + 2);
  const firstOffset = isWide ? Number(head.readBigUInt64BE(20)) : head.readUInt32BE(16);
  const count = head.readUInt16BE(countAt);
  const all = await payloadStart(source, sidx, countAt + 2 + count * 12);
  const references = Array.from({ length: count }, (_, i) => {
    const at = countAt + 2 + i * 12;
    return {
      bytes: all.readUInt32BE(at) & 0x7fff_ffff,
      isIndex: (all.readUInt8(at) & 0x80) !== 0,
      duration: all.readUInt32BE(at + 4),
    };
  });
  return { track: head.readUInt32BE(4), timescale: head.readUInt32BE(8), firstOffset, references };
}
