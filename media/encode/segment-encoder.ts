import { rm } from 'node:fs/promises';
import type { CodecName } from '../../core/codecs/index.ts';
import { type EncodeStep, encodeSteps } from '../../core/encode/encode-steps.ts';
import type { FileMaker, PieceTask } from '../../core/ports/file-maker.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import type { Upscalers } from '../onnx/upscalers.ts';
import { encodeBySteps, type RunStage, stepTask } from './encode-by-steps.ts';
import { encodeSegment, type FfmpegPaths } from './encode-segment.ts';
import { encodeTogether } from './encode-together.ts';
import { enlargeSegment } from './enlarge-segment.ts';
import { feedSegments } from './feed-segments.ts';

type Encoder = Pick<FileMaker, 'encodeSegment' | 'encodeTogether' | 'feedSegments'>;

/** Returns the encoder of segments, each by itself or fed from one decode, in one step or several, with or without a network. */
export function segmentEncoder(toolsFor: (codec: CodecName) => FfmpegPaths, networks: Upscalers): Encoder {
  const runner =
    (steps: readonly EncodeStep[], options: WorkOptions): RunStage =>
    async (step, task, output) => {
      const tools = toolsFor(task.spec.codec);
      const { enlarge, colour } = task.spec;
      if (!enlarge) return encodeSegment(tools, task, output, withProgressOf(step, steps, options));
      return networks.use(enlarge, colour, (upscaler) => enlargeSegment(tools, task, { output, upscaler }, options));
    };
  return {
    encodeSegment(task, output, options) {
      const steps = encodeSteps(task.spec);
      return encodeBySteps(steps, task, output, runner(steps, options));
    },
    encodeTogether: (pieces, options) => encodeTogether(({ task }) => toolsFor(task.spec.codec), pieces, options),
    async feedSegments(tasks, sink, signal) {
      const [first] = tasks;
      if (!first) return;
      const steps = encodeSteps(first.spec);
      const [step, ...rest] = steps;
      if (!step) return;
      const tools = toolsFor(step.spec.codec);
      const outputOf = (task: PieceTask) => (rest.length > 0 ? `${sink.outputOf(task)}.fed` : sink.outputOf(task));
      const whole = new Map(tasks.map((task) => [task.segment.key, task]));
      const hasProgress = step.enlarges || rest.length === 0;
      const fed: typeof sink = {
        outputOf,
        onFrames: (task, frames) => hasProgress && sink.onFrames(whole.get(task.segment.key) ?? task, frames),
        async onPiece(task, result) {
          const given = whole.get(task.segment.key) ?? task;
          if (rest.length === 0 || !result.exact) return sink.onPiece(given, result);
          const piece = outputOf(task);
          const run = runner(steps, { signal, onProgress: (frames) => sink.onFrames(given, frames) });
          const made = encodeBySteps(rest, { ...given, piece }, sink.outputOf(given), run);
          await sink.onPiece(given, await made.finally(() => rm(piece, { force: true })));
        },
      };
      const fedTasks = tasks.map((task) => stepTask(task, steps));
      const { enlarge, colour } = step.spec;
      if (!enlarge) return feedSegments(tools, fedTasks, fed, signal);
      await networks.use(enlarge, colour, (upscaler) => feedSegments(tools, fedTasks, { ...fed, upscaler }, signal));
    },
  };
}

/** Lets one step report progress: the step with the network, because it takes the longest, or the only step. */
const withProgressOf = ({ enlarges }: EncodeStep, steps: readonly EncodeStep[], options: WorkOptions): WorkOptions =>
  enlarges || steps.length === 1 ? options : { ...options, onProgress: () => {} };
