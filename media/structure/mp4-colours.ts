import type { StatedColour } from '../../core/film/probe.ts';
import { isMovie } from '../../core/film/probe.ts';
import { colourOfEntry } from '../../core/film/stated-colour.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { withMovieSource } from './movie-source.ts';
import { findBox, trackBoxes } from './mp4-boxes.ts';

/** A sample description is smaller than this. */
const LARGEST = 2 ** 20;

/** Reads what an MP4 says of the colours of its pictures, by the numbers of their streams; nothing of any other file. */
export async function coloursOfMp4(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, StatedColour>> {
  const found = new Map<number, StatedColour>();
  if (!isMovie(probe)) return found;
  await withMovieSource(path, signal, async (source) => {
    let track = 0;
    for await (const trak of trackBoxes(source)) {
      const isPicture = probe.streams.some(({ index, video }) => index === track && video);
      const stsd = isPicture ? await findBox(source, trak, 'mdia', 'minf', 'stbl', 'stsd') : undefined;
      if (stsd && stsd.size <= LARGEST) found.set(track, colourOfEntry(await source.read(stsd.start, stsd.size)));
      track += 1;
    }
  });
  return found;
}
