import { ServiceError } from '../core/errors.ts';
import type { CropArea } from '../core/film/crop-area.ts';
import type { FrameIndex } from '../core/film/frame-index.ts';
import { refuseOverLimits } from '../core/film/limits.ts';
import { mainVideo, type Probe, type Stream, type VideoFacts } from '../core/film/probe.ts';
import { requireEquirectangular } from '../core/film/spherical.ts';
import type { Source, StreamSurvey } from '../core/ports/media.ts';
import type { Ports } from '../core/ports/ports.ts';
import { cutSource, type SourceCut } from '../core/segments/segments.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { SubtitleBeside } from '../core/streams/subtitle-beside.ts';
import { toNumber } from '../core/units.ts';
import type { JobRequest } from './job-request.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Tracking } from './tracking.ts';

/** All that is known of a source before anything is made of it. */
export type SourceFacts = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly probe: Probe;
  readonly main: Stream & { readonly video: VideoFacts };
  readonly index: FrameIndex;
  readonly cut: SourceCut;
  readonly tickSeconds: number;
  readonly streams: readonly StreamSurvey[];
  readonly interlaced: boolean;
  /** The picture without black bars, where the settings ask for that and it has some. */
  readonly crop?: CropArea | undefined;
  readonly warnings: readonly string[];
  /** What lies beside it and goes with it. */
  readonly beside?: readonly SubtitleBeside[];
};

type File = { readonly path: string; readonly bytes: number; readonly sha256: string };
export type Context = Tracking & { readonly watch: Stopwatch; readonly settings: Partial<Settings> };

/** Inspects a source, reads its packets, and cuts it. Throws what `Media.inspect` throws, `over-limit` and `not-video`. */
export async function readSource(
  file: File,
  request: JobRequest,
  ports: Ports,
  context: Context,
): Promise<SourceFacts> {
  const { media } = ports;
  const { signal, watch } = context;
  const { probe, warnings } = await watch.time('probe', () => media.inspect(file.path, signal));
  refuseOverLimits(probe);
  const main = mainVideo(probe);
  if (!main) throw new ServiceError('not-video', `${request.source} has no video stream`);
  const source = { path: file.path, probe, stream: main.index };
  if (request.recipe.spheres) requireEquirectangular(await media.spherical(source, signal), request.source);
  const progress = indexProgress(request, file, context);
  const survey = await watch.time('index', () => media.survey(source, { signal, onProgress: progress }));
  refuseOverLimits(probe, survey.index.count);
  const length = context.settings.segmentSeconds ?? { shortest: 10, longest: 60 };
  const trusted = survey.timesAreSound && probe.access === 'indexed' && survey.index.count > 0;
  const facts = {
    ...file,
    probe,
    main,
    streams: survey.streams,
    warnings: [...warnings, ...pictureWarnings(main.video)],
  };
  const cut = trusted ? cutSource(survey.index, length) : undefined;
  const interlaced = await watch.time('probe', () => media.isInterlaced(source, probe.durationSeconds ?? 0, signal));
  const crop =
    context.settings.crop === 'auto'
      ? await watch.time('probe', () => media.proposeCrop(source, probe.durationSeconds ?? 0, signal))
      : undefined;
  const looks = { interlaced, crop };
  if (cut) return { ...facts, index: survey.index, cut, tickSeconds: toNumber(survey.index.timeBase), ...looks };
  return { ...facts, ...(await readFrames(source, ports, context)), ...looks };
}

/** The same source by its decoded frames: where packets do not tell, or told wrong. */
export async function readFrames(
  source: Source,
  { media }: Ports,
  { signal, watch, settings }: Context,
): Promise<Pick<SourceFacts, 'index' | 'cut' | 'tickSeconds'>> {
  const index = await watch.time('index', () => media.surveyFrames(source, { signal, onProgress: () => {} }));
  const cut = cutSource(index, settings.segmentSeconds ?? { shortest: 10, longest: 60 });
  if (!cut) throw new ServiceError('not-video', 'the file decodes to no frame at all');
  return { index, cut, tickSeconds: toNumber(index.timeBase) };
}

function indexProgress(request: JobRequest, { bytes }: File, { emit }: Tracking) {
  let told = 0;
  return (done: number) => {
    if (done - told < bytes / 100) return;
    told = done;
    const nothing = { rendition: undefined, fps: undefined, speed: undefined, etaSeconds: undefined };
    emit({ type: 'progress', job: request.id, phase: 'index', done, total: bytes, unit: 'bytes', ...nothing });
  };
}

function pictureWarnings({ hdr, hasClosedCaptions }: VideoFacts): readonly string[] {
  return [
    hdr.dolbyVision &&
      `Dolby Vision (${hdr.dolbyVision}) is lost: x265 cannot carry its metadata; the base layer is kept`,
    hasClosedCaptions &&
      'the closed captions inside the pictures (CEA-608/708) are lost: the encoder does not carry them',
    hdr.hdr10plus && 'HDR10+ dynamic metadata is lost; the static HDR10 metadata is kept',
  ].filter((warning) => typeof warning === 'string');
}
