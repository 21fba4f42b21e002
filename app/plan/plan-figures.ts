import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { encodeSpecFor } from '../../core/encode/encode-spec-for.ts';
import { hasEverySecond } from '../../core/encode/small-rung-rate.ts';
import { plainVideo } from '../../core/film/plain-video.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import { estimateEncode } from '../../core/plan/estimate.ts';
import { renditionsFor } from '../../core/recipes/renditions.ts';
import { parentsFirst } from '../../core/renditions/graph.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import { resolveSettings, type Settings } from '../../core/settings/settings.ts';
import { thumbnailsNode } from '../decide/library-of.ts';
import { pictureAfter } from '../encode/picture-after.ts';
import type { JobRequest } from '../job-request.ts';
import type { PlannedDrop, PlannedRendition } from './plan-drop.ts';

const NEVER_MADE = 'it was never made';
const COPIED =
  'the source is copied beside the results, which takes as much room again; figures alone do not tell its size';

type SourceFigures = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly minutes: number;
  /** The picture as a header tells it; plain 8-bit 4:2:0 if only figures are known. */
  readonly video?: VideoFacts;
};

/** Returns the plan for a source of which only these figures are known. Throws `usage` for a picture that cannot be made. */
export function planFigures(
  figures: SourceFigures,
  { recipe, settings: asked }: Pick<JobRequest, 'recipe' | 'settings'>,
  cores: number,
): PlannedDrop {
  const settings = resolveSettings(recipe, asked);
  const allFrames = Math.round(figures.fps * figures.minutes * 60);
  const source = figures.video ?? plainVideo(figures);
  const pictures = new Map([['source', source]]);
  const specs = renditionsFor(recipe, settings, source);
  const renditions = parentsFirst(specs).map((rendition): PlannedRendition => {
    const video = pictures.get(rendition.parent) ?? source;
    const whole = specFor(rendition, { settings, video, fps: figures.fps });
    const isHalf = hasEverySecond(rendition, settings, { size: whole.size, rate: figures.fps });
    const spec = isHalf ? specFor(rendition, { settings, video, fps: figures.fps / 2 }) : whole;
    const frames = isHalf ? Math.ceil(allFrames / 2) : allFrames;
    pictures.set(rendition.name, pictureAfter(spec, video));
    const longest = settings.segmentSeconds?.longest ?? 60;
    return {
      ...{ name: rendition.name, parent: rendition.parent, action: 'make', why: NEVER_MADE },
      ...{ codec: spec.codec, ...spec.size, frames, segments: Math.ceil((figures.minutes * 60) / longest), reused: 0 },
      estimate: estimateEncode(spec, { frames, left: frames, cores }),
    };
  });
  const last = renditions.at(-1);
  const thumbnails = recipe.streams && last && ({ ...thumbnailsNode(last), action: 'make', why: NEVER_MADE } as const);
  const { width, height, fps, minutes } = figures;
  const planned = { width, height, fps, seconds: 60 * minutes, bytes: 0 };
  const warnings = keptClass(settings) === undefined ? [] : [COPIED];
  return { source: planned, renditions, ...(thumbnails && { thumbnails }), streams: [], warnings };
}

function specFor(
  rendition: RenditionSpec,
  { settings, video, fps }: { readonly settings: Partial<Settings>; readonly video: VideoFacts; readonly fps: number },
): EncodeSpec {
  const frameRate = { num: Math.round(fps * 1000), den: 1000 };
  return encodeSpecFor({ rendition, settings, video, frameRate, tools: {} }).spec;
}
