import { boxByPath, boxesOf } from '../../core/bytes/boxes.ts';
import { scaleIn, trackNumber } from '../../core/bytes/carried-track.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import { ServiceError } from '../../core/errors.ts';
import type { ShownPart } from '../../core/film/edited-texts.ts';
import { lengthsInFragments } from '../structure/fragment-lengths.ts';
import { readSourceTracks } from '../structure/mp4-source-tracks.ts';

/**
 * Returns the parts of a track of an MP4 or MOV that its edit list shows, its box, its ticks a second, and how long each of its samples in fragments lasts, in
 * ticks. Throws `bad-input` where the track cannot be read.
 */
export async function shownPartsOf(path: string, stream: number, signal: AbortSignal) {
  const { tracks, movieScale } = await readSourceTracks(path, [stream], signal);
  const trak = tracks[0]?.trak ?? Buffer.alloc(0);
  const [whole] = boxesOf(trak, 0, trak.length);
  const mdhd = whole && boxByPath(trak, whole, 'mdia', 'mdhd');
  const timescale = mdhd ? scaleIn(trak, mdhd) : 0;
  if (!whole || timescale === 0)
    throw new ServiceError('bad-input', `the track of stream ${stream} does not say when it is shown`);
  const lengths = await lengthsInFragments(path, trackNumber(trak), signal);
  const elst = boxByPath(trak, whole, 'edts', 'elst');
  const edits = elst && editsIn(trak, elst);
  const parts = (edits ?? [{ from: 0, lasts: 0 }]).map(({ from, lasts }, i, { length }): ShownPart => {
    // the last edit of a file of fragments, and one that is not stated, lasts to the end
    const isOpen = i + 1 === length && (!edits || lengths.length > 0);
    const shown = isOpen ? Number.POSITIVE_INFINITY : lasts / movieScale;
    return { from: from < 0 ? undefined : from / timescale, lasts: shown };
  });
  return { parts, trak, timescale, lengths };
}
