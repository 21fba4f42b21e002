import { availableParallelism } from 'node:os';
import { crfOf, type EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { rawPixelFormat } from '../../core/encode/encode-args.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Size } from '../../core/film/frame-size.ts';
import type { Colour } from '../../core/film/probe.ts';
import { scaleFilter, withoutMatrix } from '../../core/film/scale-filter.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { QualityReport, QualityTask } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import type { CompareTask } from '../../core/quality/compare-args.ts';
import { qualityChecks } from '../../core/quality/judge.ts';
import {
  comparedFormat,
  FILTER_OF,
  type Metric,
  magnification,
  metricsFor,
  vmafModel,
} from '../../core/quality/metric.ts';
import { passesFor } from '../../core/quality/passes.ts';
import { REFERENCE_FILTER, referenceFilters } from '../../core/quality/reference-filters.ts';
import { sampleWindows, samplingFor, scoredEvery } from '../../core/quality/sample.ts';
import { sampleError } from '../../core/quality/sample-error.ts';
import { summaryOf } from '../../core/quality/score-summary.ts';
import type { ComparedPasses } from '../../core/quality/shared-frames.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { inputArguments, pictureInput } from '../probe/input-arguments.ts';
import type { Tool, Toolbox } from '../tools/toolbox.ts';
import { type MeasuredQuality, measureQuality } from './measure-quality.ts';
import { canBePiped, isReadByOne, pipedFrames } from './piped-frames.ts';
import { shareFrames } from './share-frames.ts';
import { unturned } from './unturned.ts';

/**
 * Compares frames of a rendition, spread over its length, with those of the source by the best metric that this machine
 * has. Where another ffmpeg has that metric and cannot read a film that the one can which made the rendition, that one measures by
 * the best metric that it has itself.
 */
export async function sampleQuality(toolbox: Toolbox, task: QualityTask, options: WorkOptions): Promise<QualityReport> {
  const measured = async ({ tool, windows, passes, compared, share }: ReturnType<typeof comparison>) =>
    reportOf(task, { windows, compared }, await measureQuality(tool.path, compared, passes, { ...options, ...share }));
  const first = comparison(toolbox, task);
  try {
    return await measured(first);
  } catch (error) {
    const isOther = first.tool.path !== toolbox.ffmpeg.path;
    if (!isOther || !(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    return measured(comparison({ ...toolbox, all: [toolbox.ffmpeg] }, task));
  }
}

/** How source and rendition are compared, by which ffmpeg, and what is shared with other renditions. Throws `missing-tool`. */
export function comparison(toolbox: Toolbox, task: QualityTask) {
  const own = comparisonAlone(toolbox, task);
  const { together } = task;
  if (!together) return { ...own, share: {} };
  const others = together.specs.flatMap((spec) => likeOwn(toolbox, { ...task, spec }, own));
  return { ...own, share: { share: shareFrames(together, own, others) } };
}

/** How another rendition will be compared with the source, if the same ffmpeg is to do it. */
function likeOwn(toolbox: Toolbox, task: QualityTask, { tool }: { readonly tool: Tool }): readonly ComparedPasses[] {
  try {
    const other = comparisonAlone(toolbox, task);
    return other.tool.path === tool.path ? [other] : [];
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'missing-tool') return [];
    throw error;
  }
}

function comparisonAlone(toolbox: Toolbox, task: QualityTask) {
  const { spec, times, tickSeconds, fileStartSeconds, keyframes, among, fields, sequential } = task;
  const meter = meterFor(toolbox, spec, task.source);
  const windows = sampleWindows(times.length, samplingFor(task.thorough));
  const compared = compareTask(task, meter);
  const passes = passesFor(windows, {
    reference: { times, tickSeconds, fileStartSeconds, keyframes, among, fields, margin: spec.margin },
    distorted: {
      times: task.renditionTimes,
      tickSeconds: task.renditionTickSeconds,
      fileStartSeconds: task.renditionStartSeconds,
      keyframes: task.renditionKeyframes,
      margin: 0,
    },
    sequential: sequential || compared.reference.piped !== undefined,
  });
  const every = scoredEvery(windows);
  return { tool: meter.tool, windows, passes, compared: { ...compared, every, unsteady: task.unsteady } };
}

type Compares = Pick<ReturnType<typeof comparison>, 'windows' | 'compared'>;

/** Returns the scores of a rendition, the checks of them, and the score of each measured frame at its time in seconds. */
export function reportOf(
  { spec, times, tickSeconds }: QualityTask,
  { windows, compared: { metric } }: Compares,
  { scores, closeness }: MeasuredQuality,
): QualityReport {
  const { mean, min } = summaryOf(scores);
  const error = sampleError(windows, scores, times.length);
  return {
    quality: {
      metric,
      mean: rounded(mean),
      min: rounded(min),
      sampledFrames: scores.length,
      ...(error !== undefined && { error: rounded(error) }),
    },
    checks: qualityChecks({
      metric,
      windows,
      scores,
      closeness,
      size: comparedSize(spec),
      isScaled: spec.enlarge !== undefined,
      crf: crfOf(spec),
    }),
    series: scores.map(({ frame, score }) => ({ seconds: (times[frame] ?? 0) * tickSeconds, score })),
  };
}

/** How a source is compared with what was made of it. */
export function compareTask({ source, spec, rendition }: Compared, { metric, tool, frames }: ChosenMeter): CompareTask {
  const compared = comparedSize(spec);
  const { range } = spec.colour;
  const piped = frames ? pipedFrames(source, frames.path) : unturned(source, tool);
  const video = source.probe.streams.find(({ index }) => index === source.stream)?.video;
  const pixelFormat = comparedFormat(video?.pixelFormat ?? spec.pixelFormat, spec.pixelFormat);
  return {
    metric,
    reference: {
      input: piped?.input ?? pictureInput(source),
      piped,
      stream: `${source.stream}`,
      interlacedParts: spec.interlacedParts,
      shapedParts: spec.shapedParts,
      filters: [
        ...withoutMatrix(video?.pixelFormat ?? pixelFormat),
        ...(canBeOther(tool, video)
          ? referenceFilters(spec.filters, video?.pixelFormat.startsWith('gray'))
          : spec.filters),
        ...pinned(spec),
        ...withoutMatrix(pixelFormat),
        ...scaledTo(compared, spec.enlarge?.from ?? spec.size, range),
        ...magnified(compared),
      ],
    },
    distorted: {
      input: [...withoutGrain(spec), ...inputArguments(rendition)],
      stream: 'v:0',
      filters: [...withoutMatrix(spec.pixelFormat), ...scaledTo(compared, spec.size, range), ...magnified(compared)],
    },
    pixelFormat,
    size: {
      width: compared.width * magnification(compared),
      height: compared.height * magnification(compared),
    },
    vmafModel: vmafModel(compared),
    framesPerSecond: toNumber(parseRational(spec.frameRate) ?? { num: 25, den: 1 }),
    threads: availableParallelism(),
  };
}

/**
 * Leaves out the grain that a player would put back. It resembles the source's and equals it nowhere, so that the picture
 * beneath it is what can be compared.
 */
const withoutGrain = (spec: EncodeSpec): readonly string[] =>
  spec.codec === 'svt-av1' && spec.grain !== undefined ? ['-export_side_data', 'film_grain'] : [];

/**
 * Fixes the pixel format after filters that set a matrix or a range. A scale filter that another one follows may leave the
 * conversion to it, which uses another matrix: ffmpeg 5.1 does this.
 */
const pinned = ({ filters, enlarge, pixelFormat }: EncodeSpec): readonly string[] =>
  filters.some((filter) => filter.includes('out_color_matrix') || filter.includes('out_range'))
    ? [`format=${rawPixelFormat({ pixelFormat: enlarge?.from.pixelFormat ?? pixelFormat })}`]
    : [];

/**
 * Returns the size of the comparison. An enlarged picture is compared at the size of its source, because there is
 * nothing to compare the network's detail with; if a height below the source's was asked for, at its own size.
 */
function comparedSize({ enlarge, size }: EncodeSpec): Size {
  return enlarge && enlarge.from.height <= size.height ? enlarge.from : size;
}

function scaledTo(size: Size, from: Size, range: Colour['range']): readonly string[] {
  return from.width === size.width && from.height === size.height ? [] : [scaleFilter(size, range)];
}

/** Whether the reference can be made by another library. zimg takes no odd sides where chroma is coarser. */
const canBeOther = ({ filters }: Tool, video: Size | undefined) =>
  filters.has(REFERENCE_FILTER) && video !== undefined && video.width % 2 === 0 && video.height % 2 === 0;

/** Repeats every pixel, which leaves the errors as they are. */
function magnified(size: Size): readonly string[] {
  const times = magnification(size);
  return times === 1 ? [] : [`scale=iw*${times}:ih*${times}:flags=neighbor`];
}

type Compared = Pick<QualityTask, 'source' | 'spec' | 'rendition'>;

/** A metric, the ffmpeg that measures it, and the one that decodes the source for it, if that is another one. */
type ChosenMeter = { readonly metric: Metric; readonly tool: Tool; readonly frames?: Tool };

/**
 * Returns the best metric for pictures of this size, and an ffmpeg that has its filter and all filters of the
 * rendition. Throws `missing-tool` if there is none.
 */
export function meterFor(
  { ffmpeg, all }: Pick<Toolbox, 'ffmpeg' | 'all'>,
  spec: QualityTask['spec'],
  { probe, stream }: Pick<Source, 'probe' | 'stream'>,
): ChosenMeter {
  const needed = ['psnr', ...spec.filters.map((filter) => filter.split('=', 1).join())];
  const { video } = probe.streams.find(({ index }) => index === stream) ?? {};
  const isByOne = isReadByOne(probe);
  const others = isByOne && !(video && canBePiped(video)) ? [] : all.filter((each) => each.path !== ffmpeg.path);
  const tools = isByOne ? [ffmpeg, ...others] : all;
  for (const metric of metricsFor(comparedSize(spec))) {
    const tool = tools.find(({ filters }) => [FILTER_OF[metric], ...needed].every((name) => filters.has(name)));
    if (tool) return { metric, tool, ...(isByOne && tool.path !== ffmpeg.path && { frames: ffmpeg }) };
  }
  throw new ServiceError('missing-tool', `no ffmpeg here has the filters ssim, ${needed.join(', ')}`);
}

const rounded = (score: number) => Math.round(score * 1e4) / 1e4;
