import { boxBytes, boxesOf } from '../../core/bytes/boxes.ts';
import type { PictureMarks } from '../../core/encode/picture-marks.ts';
import { PICTURE_ENTRY } from '../../core/film/shown-part.ts';
import { SPATIAL_BOXES } from '../../core/film/spatial-boxes.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { withMovieSource } from './movie-source.ts';
import { findBox, trackBoxes } from './mp4-boxes.ts';

/** The bytes of a box's version and flags. */
const BEHIND_VERSION = 4;

/** A sample description is smaller than this. */
const LARGEST_ENTRY = 2 ** 20;

/** Reads what the sample entry of an MP4's picture says besides how it is decoded; nothing of any other file. */
export async function readPictureMarks({ path, probe, stream }: Source, signal: AbortSignal): Promise<PictureMarks> {
  if (!probe.format.startsWith('mov')) return { clap: undefined, boxes: [] };
  const stsd = await withMovieSource(path, signal, async (source) => {
    let place = 0;
    for await (const track of trackBoxes(source)) {
      if (place++ !== stream) continue;
      const found = await findBox(source, track, 'mdia', 'minf', 'stbl', 'stsd');
      return found && found.size <= LARGEST_ENTRY ? source.read(found.start, found.size) : undefined;
    }
    return undefined;
  });
  const [entry] = stsd ? boxesOf(stsd, 16, stsd.length) : [];
  const boxes = stsd && entry ? boxesOf(stsd, entry.body + PICTURE_ENTRY, entry.end) : [];
  const clap = boxes.find(({ type }) => type === 'clap');
  const st3d = boxes.find(({ type }) => type === 'st3d');
  return {
    clap: stsd && clap && Buffer.from(boxBytes(stsd, clap)),
    stereo: st3d && stsd?.subarray(st3d.body, st3d.end)[BEHIND_VERSION],
    spatial: stsd
      ? boxes.filter(({ type }) => SPATIAL_BOXES.has(type)).map((box) => Buffer.from(boxBytes(stsd, box)))
      : [],
    boxes: boxes.map(({ type }) => type),
  };
}
