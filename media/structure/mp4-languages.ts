import type { Source } from '../../core/ports/film-reader.ts';
import { withMovieSource } from './movie-source.ts';
import { findBox, trackBoxes } from './mp4-boxes.ts';

/** Real language tags have some ten letters. */
const LONGEST = 64;

/** Reads the extended languages of an MP4's tracks (elng, ISO/IEC 14496-12 8.4.6), by the numbers of their streams; none of any other file. */
export async function languagesOfMp4(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  if (!probe.format.startsWith('mov')) return found;
  await withMovieSource(path, signal, async (source) => {
    let track = 0;
    for await (const trak of trackBoxes(source)) {
      const elng = await findBox(source, trak, 'mdia', 'elng');
      if (elng && elng.size > 12 && elng.size <= 12 + LONGEST) {
        const text = (await source.read(elng.start + 12, elng.size - 12)).toString('latin1').replace(/\0.*$/s, '');
        if (/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})*$/i.test(text)) found.set(track, text);
      }
      track += 1;
    }
  });
  return found;
}
