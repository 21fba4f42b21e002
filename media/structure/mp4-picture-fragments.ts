import type { PictureFragment } from '../../core/film/picture-fragments.ts';
import type { ByteSource } from './byte-source.ts';
import { readFragment } from './fragment-run.ts';
import { trackHeaders } from './fragment-track.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, payloadOf, payloadStart } from './mp4-boxes.ts';

/** Longer films are not looked through, since each fragment takes a few reads. */
const MOST_FRAGMENTS = 5000;
const LARGEST_HEADER = 64;

/**
 * Returns the fragments of the first picture track in file order; none where there are too many, or one does not state its time or is
 * too short for what it announces.
 */
export async function pictureFragments(source: ByteSource, moov: Mp4Box): Promise<readonly PictureFragment[]> {
  const track = (await trackHeaders(source, moov))?.find(({ kind }) => kind === 'picture');
  if (!track || track.timescale === 0) return [];
  const found: PictureFragment[] = [];
  for await (const moof of boxesIn(source, 0, source.size)) {
    if (moof.end > source.size || moof.open) break;
    if (moof.type !== 'moof') continue;
    const header = await findBox(source, moof, 'mfhd');
    const sequence = header ? (await payloadStart(source, header, 8)).readUInt32BE(4) : 0;
    for await (const traf of childrenOf(source, moof)) {
      const tfhd = traf.type === 'traf' ? await findBox(source, traf, 'tfhd') : undefined;
      if (!tfhd) continue;
      const fields = await payloadOf(source, tfhd, LARGEST_HEADER);
      if (fields.length < 8) return [];
      if (fields.readUInt32BE(4) !== track.id) continue;
      if (found.length >= MOST_FRAGMENTS || !(await findBox(source, traf, 'tfdt'))) return [];
      const run = await readFragment(source, traf, fields, track);
      if (!run) return [];
      const { begin, ticks, samples } = run;
      const [beginSeconds, endSeconds] = [begin / track.timescale, (begin + ticks) / track.timescale];
      found.push({ at: moof.start, sequence, beginSeconds, endSeconds, samples });
    }
  }
  return found;
}
