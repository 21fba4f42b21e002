import type { DecodeStart } from '../segments/reach.ts';
import type { Metric } from './metric.ts';
import { framesTaken, type SampleWindow } from './sample.ts';

/** One of the two files: its arguments up to `-i`, its stream, and the filters that bring it to the size compared at. */
export type Side = { readonly input: readonly string[]; readonly stream: string; readonly filters: readonly string[] };

/** How the first of the frames that are decoded is reached, and its number. */
export type Way = DecodeStart & { readonly frame: number };

/** Windows that one decode of each file reaches, in order. Frame k of one file belongs to frame k of the other. */
export type Pass = {
  readonly windows: readonly SampleWindow[];
  readonly reference: Way;
  readonly distorted: Way;
};

/** What ffmpeg writes into its current folder: relative names, so that no folder's name has to be escaped. */
export type Log = 'scores' | 'same' | 'levels' | 'earlier' | 'later' | 'motion';
export const fileOf = (log: Log) => `${log}.log`;

/** A single frame has no neighbours, and ffmpeg 7 fails where an output gets nothing. */
export const logsOf = ({ windows }: Pass): readonly Log[] =>
  framesTaken(windows).length > 1
    ? ['scores', 'same', 'levels', 'earlier', 'later', 'motion']
    : ['scores', 'same', 'levels'];

export type CompareTask = {
  readonly metric: Metric;
  readonly reference: Side;
  readonly distorted: Side;
  /** ffmpeg's name of the layout both are brought to. */
  readonly pixelFormat: string;
  readonly vmafModel: string;
  readonly framesPerSecond: number;
  readonly threads: number;
};

/** What ffmpeg is asked to do for one pass. Times do not matter: frames are paired by count. Pure. */
export function compareArgs(task: CompareTask, pass: Pass): string[] {
  return [
    ['-hide_banner', '-nostdin', '-v', 'error', '-nostats', '-max_error_rate', '1'], // the source may be damaged
    inputArgs(pass.reference, task.reference),
    inputArgs(pass.distorted, task.distorted),
    ['-filter_complex', graph(task, pass).join(';')],
    logsOf(pass).flatMap((log) => ['-map', `[${log}]`]),
    ['-fps_mode', 'passthrough', '-progress', 'pipe:3', '-f', 'null', '-'],
  ].flat();
}

function inputArgs({ seekSeconds }: DecodeStart, { input }: Side): readonly string[] {
  const seek = seekSeconds === undefined ? [] : ['-ss', seekSeconds.toFixed(6)];
  return ['-noautorotate', ...seek, ...input];
}

/**
 * Each frame against its own by the metric; and by squared errors against its own, against the source's frame before and
 * the one after, and source frames against their next; and means over areas against each other, in which detail and grain do
 * not count. No branch ends in a nullsink: with one, ffmpeg 7.0 fails an
 * assertion (best_input >= 0) in half of its runs.
 */
function graph(task: CompareTask, pass: Pass): readonly string[] {
  const isPaired = logsOf(pass).includes('motion');
  const reference = `[0:${task.reference.stream}]${chain(task, task.reference, pass.reference, pass.windows)}`;
  const distorted = `[1:${task.distorted.stream}]${chain(task, task.distorted, pass.distorted, pass.windows)}`;
  const next = `trim=start_frame=1,${counted(task)}`;
  return [
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

/** Of 16 areas across and down, fewer where one would have fewer than 16 lines or columns; of chroma, half as many. */
const MEANS = `scale=w='${areasAlong('iw')}':h='${areasAlong('ih')}':flags=area`;

function areasAlong(side: 'iw' | 'ih'): string {
  return `clip(2*trunc(${side}/32),2,16)`;
}

function chain(task: CompareTask, side: Side, { frame, skip }: Way, windows: readonly SampleWindow[]): string {
  return [
    ...(skip > 0 ? [`trim=start_frame=${skip}`] : []),
    ...side.filters, // before the windows are cut out: a deinterlacer looks at the frames around them
    pick(frame, windows),
    `scale=out_range=limited,format=${task.pixelFormat}`,
    counted(task),
  ].join(',');
}

function pick(landedOn: number, windows: readonly SampleWindow[]): string {
  const ranges = windows.map(({ startFrame, frames, lead }) => ({
    first: startFrame - lead - landedOn,
    last: startFrame + frames - 1 - landedOn,
  }));
  const wanted = ranges.map(({ first, last }) => `between(n,${first},${last})`).join('+');
  return `trim=end_frame=${(ranges.at(-1)?.last ?? -1) + 1},select='${wanted}'`;
}

/** Frame n at time n. The rate is set anew because setpts makes it unknown, and xpsnr divides by it. */
function counted({ framesPerSecond }: CompareTask): string {
  const rate = Math.max(1, Math.round(framesPerSecond));
  return `settb=1/${rate},setpts=N,fps=${rate}`;
}

const PAIRED = 'shortest=1:repeatlast=0';
const errors = (log: Log) => `psnr=${PAIRED}:stats_file=${fileOf(log)}[${log}]`;

function metricFilter({ metric, vmafModel, threads }: CompareTask): string {
  switch (metric) {
    case 'vmaf': {
      const squaredError = "feature='name=psnr\\:enable_mse=true'"; // tells equal frames, which VMAF gives no full score
      const log = `log_path=${fileOf('scores')}:log_fmt=json`;
      return `libvmaf=${PAIRED}:model='version=${vmafModel}':${squaredError}:n_threads=${threads}:${log}`;
    }
    case 'xpsnr':
      return `xpsnr=${PAIRED}:stats_file=${fileOf('scores')}`;
    case 'ssim':
      return `ssim=${PAIRED}:stats_file=${fileOf('scores')}`;
    default:
      return metric satisfies never;
  }
}
