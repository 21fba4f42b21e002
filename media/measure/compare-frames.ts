import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { filtersFrom } from '../../core/fields/field-filters.ts';
import type { QualityTask } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { inputArguments, pictureInput } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** Compares every decoded frame of source and rendition by its hash, but for unsteady ones. All are equal if the rendition is lossless. */
export async function compareFrames(
  ffmpeg: string,
  task: QualityTask,
  options: WorkOptions,
): Promise<{ readonly equal: boolean; readonly detail: string }> {
  const { source, spec, rendition, unsteady } = task;
  const { pixelFormat } = spec;
  const decoded = { input: pictureInput(source), stream: source.stream, filters: filtersFrom(spec, 0), pixelFormat };
  const expected = await frameHashes(ffmpeg, decoded, options);
  const actual = await frameHashes(
    ffmpeg,
    { input: inputArguments(rendition), stream: 0, filters: [], pixelFormat },
    options,
  );
  const differing = expected.findIndex((hash, i) => hash !== actual[i] && !unsteady?.has(i));
  if (expected.length !== actual.length)
    return { equal: false, detail: `${actual.length} frames instead of ${expected.length}` };
  if (differing >= 0) return { equal: false, detail: `frame ${differing} of ${expected.length} differs` };
  const steady = expected.filter((_, i) => !unsteady?.has(i)).length;
  return { equal: steady > 0, detail: `${steady} decoded frames are equal by hash` };
}

type Decoded = {
  readonly input: readonly string[];
  readonly stream: number;
  readonly filters: readonly string[];
  readonly pixelFormat: string;
};

/** Returns the hash of each decoded frame, in order. */
async function frameHashes(
  ffmpeg: string,
  { input, stream, filters, pixelFormat }: Decoded,
  { signal, onProgress }: WorkOptions,
): Promise<readonly string[]> {
  const hashesInOrder: string[] = [];
  const args = [
    ...ffmpegPreamble({ acceptsErrors: true }),
    '-noautorotate',
    ...[...input, '-map', `0:${stream}`],
    ...(filters.length > 0 ? ['-vf', filters.join(',')] : []),
    ...['-pix_fmt', pixelFormat, '-fps_mode', 'passthrough', '-f', 'framehash', '-hash', 'SHA512/256', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, {
    signal,
    blame: 'not-exact',
    doing: 'comparing decoded frames',
    onStdoutLine: (line) => {
      if (line.startsWith('#')) return;
      const hash = line.split(',').at(5)?.trim();
      if (hash) hashesInOrder.push(hash.slice(0, 32));
      onProgress(hashesInOrder.length);
    },
  });
  return hashesInOrder;
}
