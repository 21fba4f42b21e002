import { newBox } from '../../core/bytes/boxes.ts';
import { isMatroska } from '../../core/film/probe.ts';
import { sphericalOf, stereoBox } from '../../core/film/projection.ts';
import { type Spherical, sphericalIn, sphericalOfXmp } from '../../core/film/spherical.ts';
import { boxModeOf } from '../../core/film/two-eyes.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { projectionIn } from '../structure/matroska-projection.ts';
import { withMovieSource } from '../structure/movie-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, trackBoxesIn } from '../structure/mp4-boxes.ts';

/** Sample descriptions and XMP are smaller than this. */
const LARGEST_PART = 2 ** 20;

/** Reads the spherical metadata of a source, and how its two eyes lie in the picture, which a codec's pictures may tell too, without its sample tables; undefined where it has none, or is no MP4, MOV or Matroska. */
export async function readSpherical(
  { path, probe, stream }: Source,
  signal: AbortSignal,
): Promise<Spherical | undefined> {
  const found = await inContainer({ path, probe, stream }, signal);
  const mode = boxModeOf(probe.streams[stream]?.video?.packing);
  if (mode === undefined || found?.st3d) return found;
  return { sv3d: undefined, xmp: undefined, sa3d: new Map(), ...found, st3d: stereoBox(mode) };
}

async function inContainer({ path, probe, stream }: Source, signal: AbortSignal): Promise<Spherical | undefined> {
  if (isMatroska(probe)) {
    const projection = await withByteSource(path, signal, (source) => projectionIn(source, stream));
    const xmp = probe.streams[stream]?.tags['spherical-video'] ?? probe.tags['spherical-video'];
    return (projection && sphericalOf(projection)) ?? (xmp === undefined ? undefined : sphericalOfXmp(xmp));
  }
  if (!probe.format.startsWith('mov')) return undefined;
  const outline = await withMovieSource(path, signal, outlineOf);
  return outline && sphericalIn(outline, stream);
}

/** Returns the movie box reduced to each track's handler, sample entries and uuid boxes, without the tables that grow with the film. */
async function outlineOf(source: ByteSource): Promise<Buffer | undefined> {
  for await (const moov of boxesIn(source, 0, source.size)) {
    if (moov.type !== 'moov') continue;
    const tracks: Buffer[] = [];
    for await (const track of trackBoxesIn(source, moov)) tracks.push(await outlineOfTrack(source, track));
    return newBox('moov', ...tracks);
  }
  return undefined;
}

async function outlineOfTrack(source: ByteSource, track: Mp4Box): Promise<Buffer> {
  const copy = async (box: Mp4Box | undefined) =>
    box && box.size <= LARGEST_PART ? source.read(box.start, box.size) : Buffer.alloc(0);
  const hdlr = await copy(await findBox(source, track, 'mdia', 'hdlr'));
  const stsd = await copy(await findBox(source, track, 'mdia', 'minf', 'stbl', 'stsd'));
  const more: Buffer[] = [];
  for await (const box of childrenOf(source, track)) if (box.type === 'uuid') more.push(await copy(box));
  return newBox('trak', newBox('mdia', hdlr, newBox('minf', newBox('stbl', stsd))), ...more);
}
