import type { FileSums } from '../../core/file-record.ts';
import { isMovie } from '../../core/film/probe.ts';
import { hasSidecars } from '../../core/settings/delivery.ts';
import type { JobWork } from '../encode/work.ts';
import type { SourceFacts } from '../source/read-source.ts';

type PositionsFile = FileSums & { readonly path: string; readonly file: string; readonly stream: number };

/**
 * Writes a GPX file for each stream of GoPro's telemetry, or for what a dashcam put among its pictures, where `gpx=true` asks for it,
 * and tells where there is nothing to write.
 */
export async function writePositions(
  source: SourceFacts,
  { ports, folder, tracking, settings }: JobWork,
): Promise<{ readonly files: readonly PositionsFile[]; readonly warnings: readonly string[] }> {
  if (!settings.gpx) return { files: [], warnings: [] };
  const files: PositionsFile[] = [];
  const warnings: string[] = [];
  const streams = source.probe.streams.filter(({ codec, unusable }) => codec === 'gpmd' && !unusable);
  const isOfDashcam = streams.length === 0 && isMovie(source.probe);
  const write = isOfDashcam ? ports.maker.writeDashcamGpx : ports.maker.writeGpx;
  const none = streams.length === 0 && !isOfDashcam;
  for (const { index: stream } of isOfDashcam ? [source.main] : streams) {
    const path = `stream-${stream}.gpx`;
    const file = `${folder}/${path}`;
    const { points, problem } = await write({ path: source.path, stream, output: file }, tracking.signal);
    if (points > 0) {
      files.push({ path, file, stream, ...(await ports.reader.fileInfo(file, tracking.signal)) });
      if (problem) warnings.push(`gpx=true: ${path} lacks a part of what stream ${stream} holds (${problem})`);
    } else if (isOfDashcam) warnings.push(NOWHERE);
    else
      warnings.push(
        `gpx=true: stream ${stream} has no position with a fix${problem ? ` (${problem})` : ''}, so there is no GPX of it`,
      );
  }
  return { files, warnings: none ? [NOWHERE] : warnings };
}

/**
 * Writes what a dashcam put among the pictures of its film, and what a camera put behind its boxes, into files, byte for byte: the rendition
 * has no place for it, and not every layout is read. Recipes without sidecars get no such files.
 */
export async function blocksBeside(
  source: SourceFacts,
  { ports, folder, tracking, request }: JobWork,
): Promise<{ readonly files: readonly PositionsFile[]; readonly told: string }> {
  const nothing = { files: [], told: '' };
  if (!isMovie(source.probe) || !request.recipe.renditions.every(({ delivery }) => hasSidecars(delivery)))
    return nothing;
  const stream = source.main.index;
  const files: PositionsFile[] = [];
  const told: string[] = [];
  const taskFor = (path: string) => ({ path: source.path, stream, output: `${folder}/${path}` });
  const add = async (path: string, what: string) => {
    const file = `${folder}/${path}`;
    files.push({ path, file, stream, ...(await ports.reader.fileInfo(file, tracking.signal)) });
    told.push(`; ${what} in ${path}, byte for byte`);
  };
  const blocks = `stream-${stream}.gps.bin`;
  const count = await ports.maker.writeDashcamBlocks(taskFor(blocks), tracking.signal);
  if (count > 0) await add(blocks, `${count} blocks that its camera put among the pictures (Novatek's GPS) are`);
  const trailer = `stream-${stream}.camera.bin`;
  const found = await ports.maker.writeCameraTrailer(taskFor(trailer), tracking.signal);
  if (found) await add(trailer, `${found.length} bytes that its camera (${found.camera}) put behind the film are`);
  return { files, told: told.join('') };
}

const NOWHERE =
  'gpx=true: the film has no telemetry of a GoPro (gpmd) and no positions of a dashcam that are read, so there is no GPX';
