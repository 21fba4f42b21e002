import { behindDates, boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox, withBox } from './boxes.ts';
import { editListBox, editsIn, type TrackEdit } from './edit-list-box.ts';

/** The last packet of Opus: the samples at 48 kHz that it decodes to, and how many of them belong to the sound. The rest is an encoder's padding. */
export type LastPacket = { readonly samples: number; readonly shown: number };

/** Samples of a frame of 2.5 ms. */
const SHORTEST_FRAME = 120;
/** The lengths of frames by the two low bits of a configuration, in frames of 2.5 ms (RFC 6716 table 2): SILK, hybrid, CELT. */
const LENGTHS = { silk: [4, 8, 16, 24], hybrid: [4, 8, 4, 8], celt: [1, 2, 4, 8] } as const;
/** No packet lasts longer than 120 ms. */
const MOST_SAMPLES = 5760;

/** Returns how many samples at 48 kHz a packet of Opus decodes to, by its first two bytes (RFC 6716 3.1, 3.2); undefined where they say nothing. */
export function opusSamples([toc, second = 0]: Uint8Array): number | undefined {
  if (toc === undefined) return undefined;
  const configuration = toc >> 3;
  const mode = configuration < 12 ? 'silk' : configuration < 16 ? 'hybrid' : 'celt';
  const frames = [1, 2, 2, second & 63][toc & 3] ?? 0;
  const samples = (LENGTHS[mode][configuration & 3] ?? 0) * SHORTEST_FRAME * frames;
  return samples > 0 && samples <= MOST_SAMPLES ? samples : undefined;
}

/**
 * Returns a movie box in which each of these tracks ends where its sound ends: the table of times (stts) has what is shown of the
 * last packet, and the edit list and the headers end with it. Tracks whose tables say otherwise stay as they are.
 */
export function withOpusEnds(moov: Buffer, ends: ReadonlyMap<number, LastPacket>): Buffer {
  const movie = movieIn(moov);
  const mvhd = boxByPath(moov, movie, 'mvhd');
  const movieScale = mvhd && timescaleAt(moov, mvhd).scale;
  let track = 0;
  const parts = boxesOf(moov, movie.body, movie.end).map((child) => {
    const last = child.type === 'trak' ? ends.get(track++) : undefined;
    const bytes = boxBytes(moov, child);
    return last && movieScale ? endingWith(bytes, last, movieScale) : bytes;
  });
  return withLongest(newBox('moov', ...parts));
}

/** A movie lasts as long as its longest track. */
function withLongest(moov: Buffer): Buffer {
  const [movie] = boxesOf(moov, 0, moov.length);
  const mvhd = movie && boxByPath(moov, movie, 'mvhd');
  if (!movie || !mvhd) return moov;
  const headers = boxesOf(moov, movie.body, movie.end).flatMap((box) =>
    box.type === 'trak' ? [boxByPath(moov, box, 'tkhd')] : [],
  );
  const longest = Math.max(0, ...headers.map((box) => (box ? trackDuration(moov, box) : 0)));
  return withBox(moov, movie, ['mvhd'], (box) => withDuration(Buffer.from(boxBytes(moov, box)), 16, longest));
}

const trackDuration = (bytes: Buffer, { body }: MemoryBox): number =>
  bytes[body] === 1 ? Number(bytes.readBigUInt64BE(body + 28)) : bytes.readUInt32BE(body + 20);

function endingWith(trak: Buffer, { shown }: LastPacket, movieScale: number): Buffer {
  const [whole] = boxesOf(trak, 0, trak.length);
  const mdhd = whole && boxByPath(trak, whole, 'mdia', 'mdhd');
  const stts = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl', 'stts');
  const elst = whole && boxByPath(trak, whole, 'edts', 'elst');
  if (!whole || !mdhd || !stts) return trak;
  const { scale, duration } = timescaleAt(trak, mdhd);
  const runs = runsIn(trak, stts);
  const last = runs.at(-1);
  if (!last || scale !== OPUS_SCALE) return trak;
  const less = last.ticks - shown;
  if (less === 0) return trak;
  const others = last.count > 1 ? [{ ...last, count: last.count - 1 }] : [];
  const table = timesTable([...runs.slice(0, -1), ...others, { count: 1, ticks: shown }]);
  const edits = elst && editsIn(trak, elst);
  // an edit that ends in the middle of a tick ends behind it: readers would leave out what is behind the edit
  const upTo = ({ lasts, from }: TrackEdit) =>
    from < 0 ? lasts : Math.min(lasts, Math.ceil(((duration - less - from) * movieScale) / scale));
  const withTable = replaced(trak, ['mdia', 'minf', 'stbl', 'stts'], () => table);
  const withMedia = replaced(withTable, ['mdia', 'mdhd'], (box) => withDuration(box, 16, duration - less));
  if (!edits) return withMedia;
  const ending = edits.map((edit) => ({ ...edit, lasts: upTo(edit) }));
  const withEdits = replaced(withMedia, ['edts', 'elst'], () => editListBox(ending));
  const total = ending.reduce((sum, { lasts }) => sum + lasts, 0);
  return replaced(withEdits, ['tkhd'], (box) => withDuration(box, 20, total));
}

/** Opus counts in samples at 48 kHz in every MP4 (Encapsulation of Opus in ISO Base Media File Format 4.3). */
const OPUS_SCALE = 48_000;

/** Returns a track with one of its boxes replaced: the first one that the path of box types leads to. */
export const replaced = (trak: Buffer, path: readonly string[], edit: (box: Buffer) => Buffer): Buffer => {
  const [whole] = boxesOf(trak, 0, trak.length);
  return whole ? withBox(trak, whole, path, (found) => edit(Buffer.from(boxBytes(trak, found)))) : trak;
};

export type RunOfTimes = { readonly count: number; readonly ticks: number };

/** Reads the table of how long samples last (stts). */
export function runsIn(bytes: Buffer, { body, end }: MemoryBox): readonly RunOfTimes[] {
  const count = end - body < 8 ? 0 : Math.min(bytes.readUInt32BE(body + 4), Math.floor((end - body - 8) / 8));
  return Array.from({ length: count }, (_, i) => ({
    count: bytes.readUInt32BE(body + 8 + 8 * i),
    ticks: bytes.readUInt32BE(body + 12 + 8 * i),
  }));
}

/** Returns a table of how long samples last (stts, ISO/IEC 14496-12 8.6.1.2). */
export function timesTable(runs: readonly RunOfTimes[]): Buffer {
  const table = Buffer.alloc(8 + 8 * runs.length);
  table.writeUInt32BE(runs.length, 4);
  for (const [i, { count, ticks }] of runs.entries()) {
    table.writeUInt32BE(count, 8 + 8 * i);
    table.writeUInt32BE(ticks, 12 + 8 * i);
  }
  return newBox('stts', table);
}

/** The ticks a second and the duration of a movie's or a track's header (mvhd, mdhd), whose version 1 has 64 bits. */
function timescaleAt(bytes: Buffer, { body }: MemoryBox): { readonly scale: number; readonly duration: number } {
  const isWide = bytes[body] === 1;
  const at = behindDates(bytes, body);
  return {
    scale: bytes.readUInt32BE(at),
    duration: isWide ? Number(bytes.readBigUInt64BE(at + 4)) : bytes.readUInt32BE(at + 4),
  };
}

/** Returns a header with this duration, which stands `at` bytes behind its beginning in version 0, and 8 later in version 1. */
export function withDuration(box: Buffer, at: number, duration: number): Buffer {
  if (box[8] === 1) box.writeBigUInt64BE(BigInt(Math.max(0, duration)), 8 + at + 8);
  else box.writeUInt32BE(Math.max(0, duration), 8 + at);
  return box;
}
