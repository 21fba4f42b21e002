import { behindDates } from '../../core/bytes/boxes.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { type DescribedPart, describesTheSame } from '../../core/film/sound-entries.ts';
import type { ByteSource } from './byte-source.ts';
import { withMovieSource } from './movie-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, payloadOf, payloadStart, trackBoxesIn } from './mp4-boxes.ts';

/** Tables of a track whose chunks have several descriptions; a day of sound has chunks of half a second. */
const LARGEST_TABLE = 64 * 2 ** 20;
const LARGEST_ENTRY = 2 ** 20;

/**
 * Returns the parts of the tracks of sound that several different sample entries describe (stsd and stsc, ISO/IEC 14496-12 8.5.2 and
 * 8.7.4), by the place of the track; nothing of tracks that one entry describes, as nearly all are.
 */
export const describedParts = (
  path: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly DescribedPart[]>> => withMovieSource(path, signal, partsInMovie);

async function partsInMovie(source: ByteSource): Promise<ReadonlyMap<number, readonly DescribedPart[]>> {
  const found = new Map<number, readonly DescribedPart[]>();
  for await (const moov of boxesIn(source, 0, source.size)) {
    if (moov.type !== 'moov') continue;
    let place = 0;
    for await (const trak of trackBoxesIn(source, moov)) {
      const parts = await partsOf(source, moov, trak);
      if (parts.length > 1) found.set(place, parts);
      place += 1;
    }
  }
  return found;
}

async function partsOf(source: ByteSource, moov: Mp4Box, trak: Mp4Box): Promise<readonly DescribedPart[]> {
  const hdlr = await findBox(source, trak, 'mdia', 'hdlr');
  const handler = hdlr && (await payloadStart(source, hdlr, 12)).toString('latin1', 8, 12);
  const stbl = handler === 'soun' ? await findBox(source, trak, 'mdia', 'minf', 'stbl') : undefined;
  const entries = stbl ? await entriesIn(source, stbl) : [];
  const [first, ...others] = entries;
  if (!stbl || !first || others.every((each) => describesTheSame(each, first))) return [];
  const clock = await clockOf(source, moov, trak);
  const runs = [...(await runsOf(source, stbl)), ...(await runsOfFragments(source, moov, trak))];
  const parts = runs.flatMap(({ entry, ticks }) => {
    const described = entries[entry - 1];
    return described ? [{ entry: described, fromSeconds: clock(ticks) }] : [];
  });
  return parts.filter(({ entry }, i) => !describesTheSame(entry, parts[i - 1]?.entry));
}

async function entriesIn(source: ByteSource, stbl: Mp4Box): Promise<readonly Buffer[]> {
  const stsd = await findBox(source, stbl, 'stsd');
  if (!stsd || (await payloadStart(source, stsd, 8)).readUInt32BE(4) < 2) return [];
  const entries: Buffer[] = [];
  for await (const { start, end } of childrenOf(source, stsd, 8))
    entries.push(await source.read(start, Math.min(end - start, LARGEST_ENTRY)));
  return entries;
}

/** Samples that follow each other with one description: when the first of them begins, in ticks of the track. */
type DescribedRun = { readonly entry: number; readonly ticks: number };

async function runsOf(source: ByteSource, stbl: Mp4Box): Promise<readonly DescribedRun[]> {
  const table = async (type: string, width: number) => {
    const box = await findBox(source, stbl, type);
    const bytes = box ? await payloadOf(source, box, LARGEST_TABLE) : Buffer.alloc(8);
    const count = Math.min(bytes.readUInt32BE(4), Math.floor((bytes.length - 8) / width));
    return Array.from({ length: count }, (_, i) => bytes.subarray(8 + i * width, 8 + (i + 1) * width));
  };
  const times = (await table('stts', 8)).map((row) => ({ count: row.readUInt32BE(0), ticks: row.readUInt32BE(4) }));
  const rows = (await table('stsc', 12)).map((row) => [row.readUInt32BE(0), row.readUInt32BE(4), row.readUInt32BE(8)]);
  const ticksAt = sampleClock(times);
  const runs: DescribedRun[] = [];
  let [sample, before, samples] = [0, 1, 0];
  for (const [chunk = 1, each = 0, entry = 1] of rows) {
    sample += Math.max(0, chunk - before) * samples;
    [before, samples] = [chunk, each];
    if (runs.at(-1)?.entry !== entry) runs.push({ entry, ticks: ticksAt(sample) });
  }
  return runs;
}

/** Returns when samples begin that are asked for in their order: the table is read once, however many are asked for. */
function sampleClock(times: readonly { readonly count: number; readonly ticks: number }[]): (sample: number) => number {
  let [row, before, ticks] = [0, 0, 0];
  return (sample) => {
    for (let each = times[row]; each && before + each.count <= sample; each = times[++row]) {
      before += each.count;
      ticks += each.count * each.ticks;
    }
    return ticks + (sample - before) * (times[row]?.ticks ?? 0);
  };
}

const SAMPLE_DESCRIPTION = 0x2;

/** A fragment says which description holds for its samples, or leaves that to the movie box (ISO/IEC 14496-12 8.8.3 and 8.8.7). */
async function runsOfFragments(source: ByteSource, moov: Mp4Box, trak: Mp4Box): Promise<readonly DescribedRun[]> {
  const mvex = await findBox(source, moov, 'mvex');
  const tkhd = await findBox(source, trak, 'tkhd');
  if (!mvex || !tkhd) return [];
  const header = await payloadStart(source, tkhd, 24);
  const id = header.readUInt32BE(behindDates(header));
  const usual = await usualEntry(source, mvex, id);
  const runs: DescribedRun[] = [];
  for await (const moof of boxesIn(source, 0, source.size)) {
    if (moof.type !== 'moof') continue;
    for await (const traf of childrenOf(source, moof)) {
      const run = traf.type === 'traf' ? await runOf(source, traf, { id, usual }) : undefined;
      if (run && runs.at(-1)?.entry !== run.entry) runs.push(run);
    }
  }
  return runs;
}

async function usualEntry(source: ByteSource, mvex: Mp4Box, id: number): Promise<number> {
  for await (const trex of childrenOf(source, mvex)) {
    if (trex.type !== 'trex') continue;
    const fields = await payloadStart(source, trex, 12);
    if (fields.readUInt32BE(4) === id) return fields.readUInt32BE(8);
  }
  return 1;
}

async function runOf(
  source: ByteSource,
  traf: Mp4Box,
  { id, usual }: { readonly id: number; readonly usual: number },
): Promise<DescribedRun | undefined> {
  const [tfhd, tfdt] = [await findBox(source, traf, 'tfhd'), await findBox(source, traf, 'tfdt')];
  const head = tfhd && (await payloadStart(source, tfhd, 8));
  if (!tfhd || !head || head.readUInt32BE(4) !== id) return undefined;
  const flags = head.readUInt32BE(0) & 0xff_ffff;
  const at = flags & 1 ? 16 : 8;
  const entry = flags & SAMPLE_DESCRIPTION ? (await payloadStart(source, tfhd, at + 4)).readUInt32BE(at) : usual;
  const time = tfdt && (await payloadStart(source, tfdt, 8));
  const isLong = time !== undefined && time[0] === 1;
  const long = isLong && tfdt ? (await payloadStart(source, tfdt, 12)).readBigUInt64BE(4) : undefined;
  return { entry, ticks: long === undefined ? (time?.readUInt32BE(4) ?? 0) : Number(long) };
}

/** Returns when a tick of the track is heard, by the first of its edits. */
async function clockOf(source: ByteSource, moov: Mp4Box, trak: Mp4Box): Promise<(ticks: number) => number> {
  const scaleOf = async (box: Mp4Box | undefined) => {
    const head = box && (await payloadStart(source, box, 24));
    return head ? Math.max(1, head.readUInt32BE(behindDates(head))) : 1;
  };
  const own = await scaleOf(await findBox(source, trak, 'mdia', 'mdhd'));
  const movie = await scaleOf(await findBox(source, moov, 'mvhd'));
  const elst = await findBox(source, trak, 'edts', 'elst');
  const bytes = elst && (await payloadOf(source, elst, LARGEST_TABLE));
  const edits =
    bytes && bytes.length >= 8 ? (editsIn(bytes, { type: 'elst', start: 0, body: 0, end: bytes.length }) ?? []) : [];
  const silent = edits.filter(({ from }) => from === -1).reduce((sum, { lasts }) => sum + lasts, 0);
  const from = edits.find((each) => each.from >= 0)?.from ?? 0;
  return (ticks) => (ticks - from) / own + silent / movie;
}
