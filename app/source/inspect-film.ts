import { ServiceError } from '../../core/errors.ts';
import { refuseLongFrames } from '../../core/film/absurd-times.ts';
import { refuseMixedDynamicRange } from '../../core/film/changing-colours.ts';
import { withKinds } from '../../core/film/changing-picture.ts';
import { refuseOverLimits } from '../../core/film/limits.ts';
import { mainVideo, type Probe, type Stream, type VideoFacts } from '../../core/film/probe.ts';
import { layoutAdvice } from '../../core/film/sphere-layout.ts';
import { requireEquirectangular } from '../../core/film/spherical.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Tracking } from '../tracking.ts';
import type { PictureKnown } from './judge-damage.ts';

/** The source as a file on this machine: its path, its size in bytes, and its SHA-256 in hexadecimal. */
export type FoundFile = { readonly path: string; readonly bytes: number; readonly sha256: string };

export type ReadingContext = Tracking & {
  readonly watch: Stopwatch;
  readonly settings: Partial<Settings>;
  /** Whether the survey records where the packets lie. */
  readonly tellsPlaces?: boolean;
  /**
   * The folder for a copy of a source that cannot be read as it lies, without which there is none, and for what of a long film's index
   * need not be in memory.
   */
  readonly folder?: string | undefined;
};

type InspectedFilm = {
  readonly source: Source;
  readonly main: Stream & { readonly video: VideoFacts };
  readonly warnings: readonly string[];
  readonly promised: PictureKnown['promised'];
};

/** Finds the film in a file and the shapes of its pictures, and refuses what nothing can be made of before its packets are read. */
export async function inspectFilm(
  { path }: FoundFile,
  request: JobRequest,
  { reader }: Pick<Ports, 'reader'>,
  { settings, signal, watch }: ReadingContext,
): Promise<InspectedFilm> {
  const damaged = settings.damaged === 'accept' ? 'accept' : undefined;
  const found = await watch.time('probe', () => reader.inspect(path, signal, { damaged, packets: 'follow' }));
  const { warnings, promised, packets } = found;
  refuseOverLimits(found.probe);
  const { index: stream } = filmOf(found.probe, request);
  const looked = { path, probe: found.probe, stream, packets };
  const shapes = await watch.time('probe', () => reader.pictureShapes(looked, signal));
  const source = { ...looked, probe: withKinds(found.probe, stream, shapes) };
  const main = filmOf(source.probe, request);
  refuseLongFrames(main, source.probe);
  refuseMixedDynamicRange(main.video.colours, damaged);
  if (request.recipe.spheres && settings.projection === undefined) {
    const told = [request.source, ...Object.values({ ...source.probe.tags, ...main.tags })];
    requireEquirectangular(await reader.spherical(source, signal), request.source, layoutAdvice(told));
  }
  return { source, main, promised, warnings };
}

function filmOf(probe: Probe, { source }: JobRequest) {
  const main = mainVideo(probe);
  if (!main)
    throw new ServiceError('not-video', `${source} has no picture, so that there is no film in it; drop a video`);
  return main;
}
