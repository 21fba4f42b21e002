import { boxesOf, newBox } from '../../core/bytes/boxes.ts';
import { scaleIn, trackNumber } from '../../core/bytes/carried-track.ts';
import { type Chunk, chunksOfTrack } from '../../core/bytes/track-chunks.ts';
import type { ByteSource } from './byte-source.ts';
import { withMovieSource } from './movie-source.ts';
import { boxesIn, findBox, type Mp4Box, trackBoxesIn } from './mp4-boxes.ts';

/** The tables of a day of telemetry, a sample for each picture, have some megabytes. */
const LARGEST_TRACK = 32 * 2 ** 20;
const READ_BYTES = 4 * 2 ** 20;

type CarriedSource = {
  readonly stream: number;
  readonly trak: Buffer;
  /** Where its samples lie; undefined where its tables do not tell, or tell what the file does not have. */
  readonly chunks: readonly Chunk[] | undefined;
};

export type SourceTracks = {
  readonly tracks: readonly CarriedSource[];
  /** The number of each track of the file, by its place. */
  readonly numbers: readonly number[];
  /** Ticks a second of the movie. */
  readonly movieScale: number;
};

const NONE: SourceTracks = { tracks: [], numbers: [], movieScale: 0 };

/** Reads the boxes of tracks of an MP4 or MOV, which are named by their places in the file. */
export const readSourceTracks = (path: string, wanted: readonly number[], signal: AbortSignal): Promise<SourceTracks> =>
  withMovieSource(path, signal, async (source) => {
    for await (const box of boxesIn(source, 0, source.size))
      if (box.type === 'moov') return tracksIn(source, box, new Set(wanted));
    return NONE;
  });

async function tracksIn(source: ByteSource, moov: Mp4Box, wanted: ReadonlySet<number>): Promise<SourceTracks> {
  const mvhd = await findBox(source, moov, 'mvhd');
  const header = mvhd ? await source.read(mvhd.start, Math.min(mvhd.size, READ_BYTES)) : Buffer.alloc(0);
  const [whole] = boxesOf(header, 0, header.length);
  const movieScale = whole ? scaleIn(header, whole) : 0;
  if (movieScale === 0) return NONE;
  const numbers: number[] = [];
  const tracks: CarriedSource[] = [];
  for await (const box of trackBoxesIn(source, moov)) {
    const stream = numbers.length;
    const tkhd = await findBox(source, box, 'tkhd');
    const head = tkhd ? await source.read(tkhd.start, Math.min(tkhd.size, READ_BYTES)) : Buffer.alloc(0);
    numbers.push(trackNumber(newBox('trak', head)));
    if (wanted.has(stream) && box.size <= LARGEST_TRACK) {
      const trak = await readBox(source, box);
      tracks.push({ stream, trak, chunks: chunksInside(trak, source.size) });
    }
  }
  return { tracks, numbers, movieScale };
}

async function readBox(source: ByteSource, { start, end }: Mp4Box): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = start; at < end; at += READ_BYTES) parts.push(await source.read(at, Math.min(READ_BYTES, end - at)));
  return Buffer.concat(parts);
}

/** A track cannot hold more bytes than its file. */
function chunksInside(trak: Buffer, size: number): readonly Chunk[] | undefined {
  const chunks = chunksOfTrack(trak);
  const isInside = chunks?.every(({ at, bytes }) => at + bytes <= size);
  const sum = chunks?.reduce((all, { bytes }) => all + bytes, 0) ?? 0;
  return isInside && sum > 0 && sum <= size ? chunks : undefined;
}
