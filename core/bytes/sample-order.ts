import { boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox, withBox } from './boxes.ts';

/**
 * Returns, for each sample of a track in its order in the file, which picture it is in the order of showing; undefined where
 * the tables of times (stts, ctts) contradict each other.
 */
export function shownOrder(trak: Buffer): Uint32Array | undefined {
  const [whole] = boxesOf(trak, 0, trak.length);
  const stbl = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl');
  const times = stbl && boxByPath(trak, stbl, 'stts');
  if (!times) return undefined;
  const decoded = expanded(trak, times);
  const ctts = boxByPath(trak, stbl, 'ctts');
  const shifts = ctts && expanded(trak, ctts);
  if (!decoded || (ctts && shifts?.length !== decoded.length)) return undefined;
  const shown = new Float64Array(decoded.length);
  let time = 0;
  for (let i = 0; i < shown.length; i++) {
    shown[i] = time + (shifts?.[i] ?? 0);
    time += decoded[i] ?? 0;
  }
  return ranks(shown);
}

/** Returns the place of each number in ascending order. */
export function ranks(times: Float64Array): Uint32Array {
  const order = Uint32Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const places = new Uint32Array(times.length);
  for (const [place, sample] of order.entries()) places[sample] = place;
  return places;
}

/** More samples than any film of a day has. */
const MOST_SAMPLES = 20_000_000;

/** The values of a table of runs (how many, which value), one for each sample. */
function expanded(bytes: Buffer, { body, end }: MemoryBox): Int32Array | undefined {
  if (end - body < 8) return undefined;
  const runs = bytes.readUInt32BE(body + 4);
  if (body + 8 + 8 * runs > end) return undefined;
  let count = 0;
  for (let run = 0; run < runs; run++) count += bytes.readUInt32BE(body + 8 + 8 * run);
  if (count > MOST_SAMPLES) return undefined;
  const values = new Int32Array(count);
  let at = 0;
  for (let run = 0; run < runs; run++) {
    const next = at + bytes.readUInt32BE(body + 8 + 8 * run);
    values.fill(bytes.readInt32BE(body + 12 + 8 * run), at, next);
    at = next;
  }
  return values;
}

/** The positions of one track's chunks, and the sizes of its samples where these are new. */
type NewPlaces = { readonly offsets: readonly number[]; readonly sizes: Uint32Array | undefined };

/** Returns a movie box with new positions for every track. Its length depends on the numbers of chunks and samples alone. */
export function withPlaces(moov: Buffer, tracks: readonly NewPlaces[]): Buffer {
  const movie = movieIn(moov);
  let track = 0;
  const parts = boxesOf(moov, movie.body, movie.end).map((box) => {
    const places = box.type === 'trak' ? tracks[track++] : undefined;
    if (!places) return boxBytes(moov, box);
    return withBox(moov, box, ['mdia', 'minf', 'stbl'], (stbl) => {
      const others = boxesOf(moov, stbl.body, stbl.end).filter(
        ({ type }) => type !== 'stco' && type !== 'co64' && !(places.sizes && type === 'stsz'),
      );
      return newBox(
        'stbl',
        ...others.map((each) => boxBytes(moov, each)),
        ...(places.sizes ? [sizeTable(places.sizes)] : []),
        offsetTable(places.offsets),
      );
    });
  });
  return newBox('moov', ...parts);
}

function sizeTable(sizes: Uint32Array): Buffer {
  const table = Buffer.alloc(12 + 4 * sizes.length);
  table.writeUInt32BE(sizes.length, 8);
  for (const [i, size] of sizes.entries()) table.writeUInt32BE(size, 12 + 4 * i);
  return newBox('stsz', table);
}

/** Returns a table of chunks in 64 bits, `co64`. */
export function offsetTable(offsets: readonly number[]): Buffer {
  const table = Buffer.alloc(8 + 8 * offsets.length);
  table.writeUInt32BE(offsets.length, 4);
  for (const [i, offset] of offsets.entries()) table.writeBigUInt64BE(BigInt(offset), 8 + 8 * i);
  return newBox('co64', table);
}
