import { refuseLargePicture, refuseManyStreams } from '../../core/film/limits.ts';
import { CHUNK_HEADER_BYTES, chunkAt, chunksIn, nextOf, type RiffChunk } from './avi-chunks.ts';
import type { ByteSource } from './byte-source.ts';
import { broken, noFrames, truncated } from './refusals.ts';

/**
 * Throws `truncated` unless every RIFF (an OpenDML file has one after another of about 1 GB each), every list in them and
 * every index that the header names lies inside the file. Returns warnings.
 */
export async function judgeAvi(source: ByteSource): Promise<string[]> {
  const warnings: string[] = [];
  let at = 0;
  let hasMovi = false;
  while (at < source.size) {
    const riff = await chunkAt(source, at);
    if (riff?.id !== 'RIFF' || !['AVI ', 'AVIX'].includes(riff.form)) break;
    if (riff.end <= riff.dataStart + 4) throw neverFinished(source, riff);
    const lists = await readLists(source, riff);
    hasMovi ||= lists.hasMovi;
    // some writers wrongly count a RIFF's own header into its size
    if (riff.end > source.size + CHUNK_HEADER_BYTES) throw pastTheEnd(source, riff);
    at = Math.max(riff.end, lists.end);
  }
  if (!hasMovi) throw noFrames(source);
  await refuseCutHeader(source, at);
  if (at < source.size) warnings.push(`${source.size - at} stray bytes follow its last RIFF chunk`);
  return warnings;
}

/** Throws `truncated` where the bytes behind the last RIFF are the beginning of another one. */
async function refuseCutHeader(source: ByteSource, at: number): Promise<void> {
  const rest = (await source.read(at, 4)).toString('latin1');
  if (rest !== '' && 'RIFF'.startsWith(rest))
    throw truncated(source, `only the beginning of its RIFF at byte ${at} is there`);
}

async function readLists(source: ByteSource, riff: RiffChunk): Promise<{ hasMovi: boolean; end: number }> {
  let hasMovi = false;
  let at = riff.dataStart + 4;
  while (at + CHUNK_HEADER_BYTES <= Math.min(riff.end, source.size)) {
    const chunk = await chunkAt(source, at);
    if (!chunk || !/^[\x20-\x7e]{4}$/.test(chunk.id)) break;
    if (chunk.end > source.size) throw pastTheEnd(source, chunk);
    if (chunk.form === 'movi' && chunk.end <= chunk.dataStart + 4) throw neverFinished(source, chunk);
    if (chunk.form === 'hdrl') await readHeaders(source, chunk);
    hasMovi ||= chunk.form === 'movi';
    at = nextOf(chunk);
  }
  return { hasMovi, end: Math.min(at, source.size) };
}

const AVIH_BYTES = 40;

async function readHeaders(source: ByteSource, hdrl: RiffChunk): Promise<void> {
  let streams = 0;
  for await (const chunk of chunksIn(source, hdrl)) {
    if (chunk.id === 'avih') {
      const avih = await source.read(chunk.dataStart, AVIH_BYTES);
      if (avih.length < AVIH_BYTES) throw broken(source, 'its main header (avih) is too short');
      refuseManyStreams(avih.readUInt32LE(24));
      refuseLargePicture(avih.readUInt32LE(32), avih.readUInt32LE(36));
    }
    if (chunk.form !== 'strl') continue;
    streams += 1;
    refuseManyStreams(streams);
    for await (const inner of chunksIn(source, chunk)) if (inner.id === 'indx') await refuseMissingIndex(source, inner);
  }
}

const INDEX_OF_INDEXES = 0;
const ENTRIES_AT = 24;
const ENTRY_BYTES = 16;

/** Throws `truncated` where an OpenDML super index names an index behind the end of the file. */
async function refuseMissingIndex(source: ByteSource, indx: RiffChunk): Promise<void> {
  const head = await source.read(indx.dataStart, ENTRIES_AT);
  if (head.length < ENTRIES_AT || head.readUInt8(3) !== INDEX_OF_INDEXES) return;
  const room = Math.floor((indx.end - indx.dataStart - ENTRIES_AT) / ENTRY_BYTES);
  const entries = await source.read(indx.dataStart + ENTRIES_AT, Math.min(head.readUInt32LE(4), room) * ENTRY_BYTES);
  for (let at = 0; at + ENTRY_BYTES <= entries.length; at += ENTRY_BYTES) {
    const end = Number(entries.readBigUInt64LE(at)) + entries.readUInt32LE(at + 8);
    if (end <= source.size + CHUNK_HEADER_BYTES) continue;
    throw truncated(source, `its index names a part that ends at byte ${end}, it ends at byte ${source.size}`);
  }
}

const pastTheEnd = (source: ByteSource, { id, form, start, end }: RiffChunk) =>
  truncated(
    source,
    `its ${[id, form].join(' ').trim()} chunk at byte ${start} is ${end - start} bytes long, of which ${source.size - start} are there`,
  );

const neverFinished = (source: ByteSource, { id, form, start }: RiffChunk) =>
  truncated(
    source,
    `its ${id} ${form.trim()} chunk at byte ${start} has no size yet: the recording was never finished`,
  );
