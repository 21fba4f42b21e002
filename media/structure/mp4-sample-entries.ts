import { withMovieSource } from './movie-source.ts';
import { findBox, payloadStart, trackBoxes } from './mp4-boxes.ts';

/** Returns how many sample entries a track of an MP4 or MOV has (stsd, ISO/IEC 14496-12 8.5.2), by its place among the tracks; 0 where there is none. */
export const sampleEntries = (path: string, track: number, signal: AbortSignal): Promise<number> =>
  withMovieSource(path, signal, async (source) => {
    let place = 0;
    for await (const trak of trackBoxes(source)) {
      if (place++ !== track) continue;
      const stsd = await findBox(source, trak, 'mdia', 'minf', 'stbl', 'stsd');
      return stsd ? (await payloadStart(source, stsd, 8)).readUInt32BE(4) : 0;
    }
    return 0;
  });
