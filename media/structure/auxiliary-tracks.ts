import type { Source } from '../../core/ports/film-reader.ts';
import { withMovieSource } from './movie-source.ts';
import { findBox, payloadStart, trackBoxes } from './mp4-boxes.ts';

/** The handler of an auxiliary picture, which is not shown: depth, disparity or alpha (ISO/IEC 14496-12 12.1.1). */
const AUXILIARY = 'auxv';

/** Returns the numbers of the tracks of an MP4 that hold auxiliary pictures; none of any other file. */
export async function auxiliaryTracks(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  if (!probe.format.startsWith('mov')) return found;
  await withMovieSource(path, signal, async (source) => {
    let track = 0;
    for await (const trak of trackBoxes(source)) {
      const hdlr = await findBox(source, trak, 'mdia', 'hdlr');
      if (hdlr && (await payloadStart(source, hdlr, 12)).toString('latin1', 8, 12) === AUXILIARY) found.add(track);
      track += 1;
    }
  });
  return found;
}
