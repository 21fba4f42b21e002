import type { ByteSource } from './byte-source.ts';
import { childrenOf, type Mp4Box, nameOf, payloadStart } from './mp4-boxes.ts';
import { broken } from './refusals.ts';

/** The tables with the positions of a track's samples (ISO/IEC 14496-12 8.7). */
type SampleTables = {
  readonly sizes: SizeTable | undefined;
  readonly runs: Table | undefined;
  readonly chunks: Table | undefined;
};

/** A table of `count` entries of `width` bytes each, which begins at byte `at`. */
type Table = { readonly at: number; readonly count: number; readonly width: number };

/** `each` is the size of every sample, 0 where the table lists the sizes. A width of 0 stands for 4 bits, which are not read. */
type SizeTable = Table & { readonly each: number };

/** Finds the tables of a sample table box and reads no entries of them, since those of a day-long film have 30 MB. */
export async function sampleTables(source: ByteSource, stbl: Mp4Box): Promise<SampleTables> {
  let tables: SampleTables = { sizes: undefined, runs: undefined, chunks: undefined };
  for await (const box of childrenOf(source, stbl)) {
    if (box.type === 'stsz' || box.type === 'stz2') tables = { ...tables, sizes: await sizeTable(source, box) };
    if (box.type === 'stsc') tables = { ...tables, runs: await table(source, box, 12) };
    if (box.type === 'stco') tables = { ...tables, chunks: await table(source, box, 4) };
    if (box.type === 'co64') tables = { ...tables, chunks: await table(source, box, 8) };
  }
  return tables;
}

/**
 * Returns where the sample data of a track ends by its tables alone; 0 if it has no samples. It reads the chunk table once,
 * and of the other tables only the entries of the last chunk. `uniformCounts` is false for sound, whose uniform sizes
 * QuickTime counts in samples rather than bytes, so that only the last chunk's beginning is known.
 */
export async function sampleDataEnd(
  source: ByteSource,
  { sizes, runs, chunks }: SampleTables,
  uniformCounts: boolean,
): Promise<number> {
  if (!sizes || !runs || !chunks || sizes.count === 0) return 0;
  const last = await lastChunk(source, chunks);
  if (!last) return 0;
  const { first, count } = await samplesOfChunk(source, runs, last.number);
  if (sizes.each > 0) return last.offset + (uniformCounts ? sizes.each * count : 1);
  return last.offset + (sizes.width === 0 ? 1 : await sumOfSizes(source, sizes, first, count));
}

/**
 * Returns how many samples of a track refer to the description of another number than the one that it has (stsc, ISO/IEC 14496-12 8.7.4):
 * readers leave them out.
 */
export async function undescribedSamples(source: ByteSource, { sizes, runs, chunks }: SampleTables): Promise<number> {
  if (!sizes || !runs || !chunks) return 0;
  let [samples, before] = [0, { chunk: 1, count: 0, entry: 1 }];
  const countTo = (chunk: number) => {
    if (before.entry > 1) samples += Math.max(0, Math.min(chunk, chunks.count + 1) - before.chunk) * before.count;
  };
  for await (const row of entriesOf(source, runs)) {
    countTo(row.readUInt32BE(0));
    before = { chunk: row.readUInt32BE(0), count: row.readUInt32BE(4), entry: row.readUInt32BE(8) };
  }
  countTo(chunks.count + 1);
  return Math.min(samples, sizes.count);
}

async function table(source: ByteSource, box: Mp4Box, width: number): Promise<Table> {
  const head = await payloadStart(source, box, 8);
  return fitting(source, box, { at: box.start + box.headerBytes + 8, count: head.readUInt32BE(4), width });
}

async function sizeTable(source: ByteSource, box: Mp4Box): Promise<SizeTable> {
  const head = await payloadStart(source, box, 12);
  const count = head.readUInt32BE(8);
  const at = box.start + box.headerBytes + 12;
  const each = box.type === 'stsz' ? head.readUInt32BE(4) : 0;
  if (each > 0) return { at, count, width: 0, each };
  const width = box.type === 'stsz' ? 4 : COMPACT_WIDTHS[head.readUInt8(7)];
  if (width === undefined) throw broken(source, `its ${nameOf(box)} has sizes of ${head.readUInt8(7)} bits`);
  return { ...fitting(source, box, { at, count, width }), each };
}

const COMPACT_WIDTHS: Readonly<Record<number, number>> = { 4: 0, 8: 1, 16: 2 };

function fitting(source: ByteSource, box: Mp4Box, { at, count, width }: Table): Table {
  const room = box.end - at;
  if (count * width <= room) return { at, count, width };
  throw broken(source, `its ${nameOf(box)} announces ${count} entries and has room for ${Math.floor(room / width)}`);
}

async function lastChunk(source: ByteSource, chunks: Table) {
  let last: { number: number; offset: number } | undefined;
  let number = 0;
  for await (const entry of entriesOf(source, chunks)) {
    number += 1;
    const offset = chunks.width === 4 ? entry.readUInt32BE(0) : Number(entry.readBigUInt64BE(0));
    if (!last || offset >= last.offset) last = { number, offset };
  }
  return last;
}

/** Returns the first sample (counted from 0) and the count of samples of a chunk (counted from 1). */
async function samplesOfChunk(source: ByteSource, runs: Table, chunk: number) {
  let first = 0;
  let run = { chunk: 1, count: 0 };
  for await (const entry of entriesOf(source, runs)) {
    const next = { chunk: entry.readUInt32BE(0), count: entry.readUInt32BE(4) };
    if (next.chunk > chunk) break;
    first += Math.max(0, next.chunk - run.chunk) * run.count;
    run = next;
  }
  return { first: first + Math.max(0, chunk - run.chunk) * run.count, count: run.count };
}

async function sumOfSizes(source: ByteSource, sizes: SizeTable, first: number, count: number): Promise<number> {
  const from = Math.min(first, sizes.count);
  const part = { at: sizes.at + from * sizes.width, count: Math.min(count, sizes.count - from), width: sizes.width };
  let sum = 0;
  for await (const entry of entriesOf(source, part)) sum += entry.readUIntBE(0, sizes.width);
  return sum;
}

const ENTRIES_A_READ = 4096;

async function* entriesOf(source: ByteSource, { at, count, width }: Table): AsyncGenerator<Buffer> {
  for (let done = 0; done < count; done += ENTRIES_A_READ) {
    const entries = Math.min(ENTRIES_A_READ, count - done);
    const bytes = await source.read(at + done * width, entries * width);
    if (bytes.length < entries * width) throw broken(source, 'a sample table reaches past the end');
    for (let i = 0; i < entries; i += 1) yield bytes.subarray(i * width, (i + 1) * width);
  }
}
