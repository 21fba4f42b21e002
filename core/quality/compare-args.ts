import { ffmpegPreamble } from '../ffmpeg-preamble.ts';
import { filtersFrom } from '../fields/field-filters.ts';
import type { InterlacedPart } from '../fields/film-fields.ts';
import type { Size } from '../film/frame-size.ts';
import type { ShapedPart } from '../film/probe.ts';
import type { RawPixelFormat } from '../film/raw-formats.ts';
import { type DecodeStart, seekArgs } from '../segments/reach.ts';
import type { Metric } from './metric.ts';
import { type PassPictures, pictureBranches } from './pass-pictures.ts';
import { pickFrames } from './pick-frames.ts';
import { framesTaken, type SampleWindow } from './sample.ts';

/**
 * One of the two files that are compared: its ffmpeg arguments up to and with `-i`, its stream specifier, and the
 * filters that bring it to the size of the comparison.
 */
export type ComparedFile = {
  readonly input: readonly string[];
  readonly stream: string;
  readonly filters: readonly string[];
  readonly interlacedParts?: readonly InterlacedPart[] | undefined;
  readonly shapedParts?: readonly ShapedPart[] | undefined;
  /** Set where its packets or frames come by a pipe and can be read from their start alone: what writes them, and what reads them. */
  readonly piped?: PipedFile | undefined;
  /** Set where it holds the frames of the windows, leads included, and no others. */
  readonly isPicked?: true;
};

/** The arguments of what writes and of what reads; `program` is the ffmpeg that writes, where it is not the one that compares. */
export type PipedFile = {
  readonly program?: string;
  readonly packets: readonly string[];
  readonly input: readonly string[];
};

/** Where decoding of a file starts: by which seek, and the number of the first frame that comes out. */
export type PassStart = DecodeStart & { readonly frame: number };

/**
 * Windows in ascending order that are compared by one decode of each file. Frame k of one file belongs to frame k of
 * the other.
 */
export type Pass = {
  readonly windows: readonly SampleWindow[];
  readonly reference: PassStart;
  readonly distorted: PassStart;
  /** What is kept of the reference's decode for other renditions of it. */
  readonly saved?: readonly SavedFrames[];
};

/** Frames of the reference that go to a file, raw: the filters that make them, and where they go. */
export type SavedFrames = { readonly chain: string; readonly path: string };

/**
 * The logs that ffmpeg writes. Their names are relative to its working directory, so that no path has to be escaped in
 * a filter.
 */
export type CompareLog = 'scores' | 'same' | 'levels' | 'earlier' | 'later' | 'motion';
/** Returns the name of the file into which a comparison writes this log. */
export const logFileName = (log: CompareLog) => `${log}.log`;

/**
 * Returns the logs of a pass. A single frame has no neighbours to be compared with, and ffmpeg 7 fails where an output
 * gets no frame.
 */
export function logsOf({ windows }: Pass, { scoresAlone }: Pick<CompareTask, 'scoresAlone'>): readonly CompareLog[] {
  if (scoresAlone) return ['scores'];
  return framesTaken(windows).length > 1
    ? ['scores', 'same', 'levels', 'earlier', 'later', 'motion']
    : ['scores', 'same', 'levels'];
}

export type CompareTask = {
  readonly metric: Metric;
  readonly reference: ComparedFile;
  readonly distorted: ComparedFile;
  /** The pixel format to which both files are converted. */
  readonly pixelFormat: RawPixelFormat;
  /** The size to which both files are brought. */
  readonly size: Size;
  readonly vmafModel: string;
  readonly framesPerSecond: number;
  readonly threads: number;
  /** VMAF scores every so manyth of the frames that a pass takes, and sees the motion in all of them; 1 if missing. */
  readonly every?: number;
  /** Frames that are left out of what is found. */
  readonly unsteady?: ReadonlySet<number> | undefined;
  /** Whether the scores are all that is asked: a trial need not prove that its frames are in step. */
  readonly scoresAlone?: true;
};

/** Returns those of the frames taken that get a score. The other metrics cost so little that they score all. */
export const framesScored = (taken: readonly number[], { metric, every = 1 }: Pick<CompareTask, 'metric' | 'every'>) =>
  metric === 'vmaf' ? taken.filter((_, i) => i % every === 0) : taken;

/** What a pass over whole files gives besides: it decodes the distorted file to its end; pictures go to stdout, pairs to pipe 4. */
export type WholePass = { readonly pictures: PassPictures | undefined };

/**
 * Returns the ffmpeg arguments that compare the frames of one pass. Frames are paired by their number, whatever their
 * timestamps. Of a whole pass, ffmpeg counts every frame of the distorted file, and ends at the first error of either file.
 */
export function compareArgs(task: CompareTask, pass: Pass, whole?: WholePass): string[] {
  const strict = whole ? ['-err_detect', 'explode'] : [];
  return [
    ffmpegPreamble({ acceptsErrors: true }),
    whole ? ['-xerror'] : [],
    inputArgs(pass.reference, task.reference),
    inputArgs(pass.distorted, { ...task.distorted, input: [...strict, ...task.distorted.input] }),
    ['-filter_complex', graph(task, pass, whole).join(';')],
    ['-progress', 'pipe:3'],
    whole ? ['-map', '[whole]', '-fps_mode', 'passthrough', '-f', 'null', '-'] : [], // the first output is counted
    logsOf(pass, task).flatMap((log) => ['-map', `[${log}]`]),
    ['-fps_mode', 'passthrough', '-f', 'null', '-'],
    whole?.pictures ? ['-map', '[pictures]', ...RAW, 'pipe:1'] : [],
    whole?.pictures?.pairs ? ['-map', '[pairs]', ...RAW, `pipe:${PAIRS_PIPE}`] : [],
    (pass.saved ?? []).flatMap(({ path }, i) => ['-map', `[saved${i}]`, ...kept(path)]),
  ].flat();
}

/** The file descriptor to which a whole pass writes pairs of pictures. */
export const PAIRS_PIPE = 4;

const RAW = ['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo'];

const kept = (path: string) => ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-y', `file:${path}`];

const inputArgs = (start: DecodeStart, { input }: ComparedFile): readonly string[] => [
  '-noautorotate',
  ...seekArgs(start),
  ...input,
];

/**
 * Compares each frame with its source frame by the metric and by squared errors; with the source frame before and the
 * one after; each source frame with the next; and the means over areas, in which detail and grain do not count. No
 * branch ends in a nullsink: with one, ffmpeg 7.0 fails an assertion (best_input >= 0) in half of its runs.
 */
function graph(task: CompareTask, pass: Pass, whole: WholePass | undefined): readonly string[] {
  const isPaired = logsOf(pass, task).includes('motion');
  const besides = whole && pictureBranches(whole.pictures, counted(task));
  const saved = pass.saved ?? [];
  const others = saved.map((_, i) => `[other${i}]`).join('');
  const shared = saved.length > 0 ? `split=${saved.length + 1}[own]${others};[own]` : '';
  const source = `[0:${task.reference.stream}]${shared}${besides?.reference ?? ''}`;
  const made = `[1:${task.distorted.stream}]${besides?.distorted ?? ''}`;
  const reference = `${source}${referenceChain(task, pass)}`;
  const distorted = `${made}${chain(task, task.distorted, pass.distorted, pass.windows)}`;
  const next = `trim=start_frame=1,${counted(task)}`;
  if (task.scoresAlone) return [`${reference}[r]`, `${distorted}[d]`, `[d][r]${metricFilter(task)}[scores]`];
  // one graph for all: ffmpeg 7 lets one of several graphs wait for ever for a frame that another one holds back
  return [
    ...(besides?.chains ?? []),
    ...saved.map((each, i) => `[other${i}]${each.chain}[saved${i}]`),
    `${reference},split=${isPaired ? 6 : 3}[r][r0][r6]${isPaired ? '[r1][r2][r3]' : ''}`,
    `${distorted},split=${isPaired ? 5 : 3}[d][d0][d4]${isPaired ? '[d1][d2]' : ''}`,
    `[d][r]${metricFilter(task)}[scores]`,
    `[d0][r0]${errors('same')}`,
    `[r6]${MEANS}[r7]`,
    `[d4]${MEANS}[d5]`,
    `[d5][r7]${errors('levels')}`,
    ...(isPaired
      ? [
          `[d1]${next}[d3]`,
          `[d3][r1]${errors('earlier')}`,
          `[r2]${next},split[r4][r5]`,
          `[d2][r4]${errors('later')}`,
          `[r5][r3]${errors('motion')}`,
        ]
      : []),
  ];
}

/**
 * Scales to the means of 16 areas across and 16 down, or of fewer where an area would have fewer than 16 lines or
 * columns. Chroma planes have half as many.
 */
const MEANS = `scale=w='${areasAlong('iw')}':h='${areasAlong('ih')}':flags=area`;

function areasAlong(side: 'iw' | 'ih'): string {
  return `clip(2*trunc(${side}/32),2,16)`;
}

/** Returns the filters from the decoded source to the frames that are compared. */
export const referenceChain = (task: CompareTask, { reference, windows }: Pass): string =>
  chain(task, task.reference, reference, windows);

function chain(
  task: CompareTask,
  side: ComparedFile,
  { frame, skip, from = 0 }: PassStart,
  windows: readonly SampleWindow[],
): string {
  return [
    ...(skip > 0 ? [`trim=start_frame=${skip}`] : []),
    ...filtersFrom(side, from), // a deinterlacer needs the frames around a window, so filters run before the windows are cut out
    ...(side.isPicked ? [] : [pickFrames(frame, windows)]),
    `scale=out_range=limited,format=${task.pixelFormat}`,
    counted(task),
  ].join(',');
}

/** Puts frame n at time n. The rate is set again because setpts makes it unknown, and xpsnr divides by it. */
function counted({ framesPerSecond }: CompareTask): string {
  const rate = Math.max(1, Math.round(framesPerSecond));
  return `settb=1/${rate},setpts=N,fps=${rate}`;
}

const PAIRED = 'shortest=1:repeatlast=0';
const errors = (log: CompareLog) => `psnr=${PAIRED}:stats_file=${logFileName(log)}[${log}]`;

function metricFilter({ metric, vmafModel, threads, every = 1 }: CompareTask): string {
  switch (metric) {
    case 'vmaf': {
      // VMAF gives equal frames less than 100: the squared error tells them
      const squaredError = "feature='name=psnr\\:enable_mse=true'";
      const log = `log_path=${logFileName('scores')}:log_fmt=json`;
      const some = every > 1 ? `:n_subsample=${every}` : '';
      return `libvmaf=${PAIRED}:model='version=${vmafModel}':${squaredError}:n_threads=${threads}${some}:${log}`;
    }
    case 'xpsnr':
      return `xpsnr=${PAIRED}:stats_file=${logFileName('scores')}`;
    case 'ssim':
      return `ssim=${PAIRED}:stats_file=${logFileName('scores')}`;
    default:
      return metric satisfies never;
  }
}
