import { datesIn, type MovieHeaders, type TrackHeader, trackHeaderOf } from '../../core/film/movie-headers.ts';
import { isMovie } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box } from './mp4-boxes.ts';

const MOST_TRACKS = 1000;
const HEADER_BYTES = 64;

/** Reads what the headers of an MP4 or MOV and of its tracks say; undefined for any other file, and where a track has no header. */
export const readHeaders = async (
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<MovieHeaders | undefined> => (isMovie(probe) ? withByteSource(path, signal, headersIn) : undefined);

async function headersIn(source: ByteSource): Promise<MovieHeaders | undefined> {
  for await (const moov of boxesIn(source, 0, source.size)) {
    if (moov.type !== 'moov') continue;
    let dates = { created: 0, modified: 0 };
    const tracks: TrackHeader[] = [];
    for await (const child of childrenOf(source, moov)) {
      if (child.type === 'mvhd') dates = datesIn(await start(source, child));
      if (child.type !== 'trak') continue;
      const header = tracks.length < MOST_TRACKS ? await headerOf(source, child) : undefined;
      if (!header) return undefined;
      tracks.push(header);
    }
    return { ...dates, tracks };
  }
  return undefined;
}

const start = (source: ByteSource, { start: at, headerBytes, size }: Mp4Box): Promise<Buffer> =>
  source.read(at + headerBytes, Math.min(HEADER_BYTES, Math.max(0, size - headerBytes)));

async function headerOf(source: ByteSource, trak: Mp4Box): Promise<TrackHeader | undefined> {
  const payload = async (...path: readonly string[]) => {
    const box = await findBox(source, trak, ...path);
    return box && start(source, box);
  };
  const tkhd = await payload('tkhd');
  return (
    tkhd &&
    trackHeaderOf(tkhd, (await payload('mdia', 'mdhd')) ?? Buffer.alloc(0), {
      smhd: await payload('mdia', 'minf', 'smhd'),
      stsd: await payload('mdia', 'minf', 'stbl', 'stsd'),
    })
  );
}
