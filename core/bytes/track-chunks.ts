import { boxByPath, boxesOf, type MemoryBox } from './boxes.ts';

/** A stretch of a file that holds samples of one track, one behind the other. */
export type Chunk = { readonly at: number; readonly bytes: number };

/**
 * Returns where the samples of a track lie (ISO/IEC 14496-12 8.7), by its `trak` box; undefined where its tables contradict each
 * other, or the samples lie in another file or in fragments.
 */
export function chunksOfTrack(trak: Buffer): readonly Chunk[] | undefined {
  const [whole] = boxesOf(trak, 0, trak.length);
  const minf = whole && boxByPath(trak, whole, 'mdia', 'minf');
  const stbl = minf && boxByPath(trak, minf, 'stbl');
  if (!stbl || !isInThisFile(trak, boxByPath(trak, minf, 'dinf', 'dref'))) return undefined;
  const named = (...types: readonly string[]) =>
    boxesOf(trak, stbl.body, stbl.end).find(({ type }) => types.includes(type));
  const sizes = sizesIn(trak, named('stsz', 'stz2'));
  const chunks = named('stco', 'co64');
  const offsets = tableIn(trak, chunks, chunks?.type === 'co64' ? 8 : 4);
  const runs = tableIn(trak, named('stsc'), 12);
  return sizes && offsets && runs && chunksBy(trak, { sizes, offsets, runs });
}

type BoxRows = { readonly at: number; readonly count: number; readonly width: number };
type SampleSizes = { readonly count: number; readonly sum: (from: number, to: number) => number };

function chunksBy(
  trak: Buffer,
  { sizes, offsets, runs }: { readonly sizes: SampleSizes; readonly offsets: BoxRows; readonly runs: BoxRows },
): readonly Chunk[] | undefined {
  const firstOf = (run: number) => (run < runs.count ? trak.readUInt32BE(runs.at + 12 * run) : offsets.count + 1);
  const found: Chunk[] = [];
  let sample = 0;
  for (let run = 0; run < runs.count; run++) {
    const samples = trak.readUInt32BE(runs.at + 12 * run + 4);
    const next = firstOf(run + 1);
    if (firstOf(run) !== found.length + 1 || next <= firstOf(run) || next > offsets.count + 1) return undefined;
    while (found.length + 1 < next) {
      if (sample + samples > sizes.count) return undefined;
      const at = offsets.at + offsets.width * found.length;
      const start = offsets.width === 8 ? Number(trak.readBigUInt64BE(at)) : trak.readUInt32BE(at);
      found.push({ at: start, bytes: sizes.sum(sample, sample + samples) });
      sample += samples;
    }
  }
  return sample === sizes.count && found.length === offsets.count && sample > 0 ? found : undefined;
}

/** Bits of a size in `stz2`, by its field; sizes of 4 bits are in no file that is known. */
const COMPACT_BYTES: Readonly<Record<number, number>> = { 8: 1, 16: 2 };

function sizesIn(trak: Buffer, box: MemoryBox | undefined): SampleSizes | undefined {
  if (!box || box.end - box.body < 12) return undefined;
  const count = trak.readUInt32BE(box.body + 8);
  const each = box.type === 'stsz' ? trak.readUInt32BE(box.body + 4) : 0;
  if (each > 0) return { count, sum: (from, to) => (to - from) * each };
  const width = box.type === 'stsz' ? 4 : COMPACT_BYTES[trak.readUInt8(box.body + 7)];
  const at = box.body + 12;
  if (width === undefined || at + count * width > box.end) return undefined;
  const sum = (from: number, to: number) => {
    let bytes = 0;
    for (let i = from; i < to; i++) bytes += trak.readUIntBE(at + i * width, width);
    return bytes;
  };
  return { count, sum };
}

function tableIn(trak: Buffer, box: MemoryBox | undefined, width: number): BoxRows | undefined {
  if (!box || box.end - box.body < 8) return undefined;
  const count = trak.readUInt32BE(box.body + 4);
  const at = box.body + 8;
  return at + count * width <= box.end ? { at, count, width } : undefined;
}

const SELF_CONTAINED = 1;

/** Whether every data reference means this file. One without a name does, even without the flag, which some writers forget. */
function isInThisFile(trak: Buffer, dref: MemoryBox | undefined): boolean {
  return boxesOf(trak, dref ? dref.body + 8 : 0, dref?.end ?? 0).every(
    ({ body, end }) => end - body <= 4 || (trak.readUInt32BE(body) & SELF_CONTAINED) === SELF_CONTAINED,
  );
}
