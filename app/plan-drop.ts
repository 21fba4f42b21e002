import { encodeSpec } from '../core/encode/encode-spec.ts';
import { planStreams } from '../core/media/streams.ts';
import { type Estimate, estimateX265 } from '../core/plan/estimate.ts';
import type { Ports } from '../core/ports/ports.ts';
import { resolveSettings } from '../core/recipes/settings.ts';
import type { JobRequest } from './job-request.ts';
import { draftOf } from './make-rendition.ts';
import { readSource } from './read-source.ts';
import { stopwatch } from './stopwatch.ts';
import { pieceKey } from './work.ts';

export type PlannedRendition = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly segments: number;
  /** Pieces that lie in the work folder already. */
  readonly reused: number;
  readonly estimate: Estimate;
};

export type PlannedDrop = {
  readonly renditions: readonly PlannedRendition[];
  readonly streams: readonly {
    readonly index: number;
    readonly type: string;
    readonly codec: string;
    readonly fate: string;
    readonly why: string;
  }[];
  readonly warnings: readonly string[];
};

/** What `runJob` would do with a drop, and does nothing of it. Throws what `readSource` throws. */
export async function planDrop(request: JobRequest, ports: Ports, signal: AbortSignal): Promise<PlannedDrop> {
  const settings = resolveSettings(request.recipe, request.settings);
  const file = await ports.sources.fetch(request.source, signal);
  try {
    const tracking = { signal, emit: () => {}, record: async () => {}, watch: stopwatch(ports.clock), settings };
    const bytes = (await ports.sources.head(request.source))?.bytes ?? 0;
    const source = await readSource({ path: file.path, bytes, sha256: '' }, request, ports, tracking);
    const tools = await ports.media.tools();
    const renditions: PlannedRendition[] = [];
    for (const rendition of request.recipe.renditions) {
      const { spec, segments } = draftOf(rendition, { source, tools }, settings);
      const there = await Promise.all(segments.map(({ key }) => ports.cache.head(pieceKey(key))));
      const pending = segments.filter((_, i) => !there[i]);
      const frames = source.cut.times.length;
      const left = pending.reduce((sum, { start, end }) => sum + end - start, 0);
      const work = {
        preset: spec.preset,
        crf: spec.quality === 'lossless' ? ('lossless' as const) : spec.quality.crf,
        cores: ports.cores,
      };
      const { width, height } = spec.size;
      const estimate = estimateX265({ ...work, pixels: width * height * left });
      const { diskBytes } = estimateX265({ ...work, pixels: width * height * frames });
      const reused = segments.length - pending.length;
      renditions.push({
        name: rendition.name,
        width,
        height,
        frames,
        segments: segments.length,
        reused,
        estimate: { ...estimate, diskBytes },
      });
    }
    const fates = planStreams(source.probe, settings.container ?? 'mp4');
    return {
      renditions,
      streams: fates.map(({ stream, fate, why }) => ({
        index: stream.index,
        type: stream.type,
        codec: stream.codec,
        fate,
        why,
      })),
      warnings: source.warnings,
    };
  } finally {
    await file.release();
  }
}

/** The same from figures alone, for a source that is not at hand. */
export function planFigures(
  figures: { readonly width: number; readonly height: number; readonly fps: number; readonly minutes: number },
  { recipe, settings: asked }: Pick<JobRequest, 'recipe' | 'settings'>,
  cores: number,
): PlannedDrop {
  const settings = resolveSettings(recipe, asked);
  const frames = Math.round(figures.fps * figures.minutes * 60);
  const renditions = recipe.renditions.map((rendition): PlannedRendition => {
    const { spec } = encodeSpec({
      rendition,
      settings,
      video: figuresAsVideo(figures),
      frameRate: { num: Math.round(figures.fps * 1000), den: 1000 },
      interlaced: false,
      tools: {},
    });
    const { width, height } = spec.size;
    const crf = spec.quality === 'lossless' ? 'lossless' : spec.quality.crf;
    const longest = settings.segmentSeconds?.longest ?? 60;
    const estimate = estimateX265({ pixels: width * height * frames, preset: spec.preset, crf, cores });
    return {
      name: rendition.name,
      width,
      height,
      frames,
      segments: Math.ceil((figures.minutes * 60) / longest),
      reused: 0,
      estimate,
    };
  });
  return { renditions, streams: [], warnings: [] };
}

const figuresAsVideo = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  width,
  height,
  pixelFormat: 'yuv420p',
  sar: { num: 1, den: 1 },
  baseFrameRate: undefined,
  averageFrameRate: undefined,
  fieldOrder: 'progressive' as const,
  colour: { primaries: undefined, transfer: undefined, matrix: undefined, range: undefined, chromaLocation: undefined },
  displayMatrix: undefined,
  hdr: { masterDisplay: undefined, contentLight: undefined, dolbyVision: undefined, hdr10plus: false },
  isAttachedPicture: false,
  hasClosedCaptions: false,
});
