import type { QualityTask, WorkOptions } from '../../core/ports/media.ts';
import { inputArguments, pictureInput } from '../probe/input-arguments.ts';
import { ffmpegPreamble, runFfmpeg } from '../process/ffmpeg.ts';

/** Every decoded frame of source and rendition, by hash: what lossless means. */
export async function compareFrames(
  ffmpeg: string,
  task: QualityTask,
  options: WorkOptions,
): Promise<{ readonly equal: boolean; readonly detail: string }> {
  const { source, spec, rendition } = task;
  const { pixelFormat } = spec;
  const decoded = { input: pictureInput(source), stream: source.stream, filters: spec.filters, pixelFormat };
  const was = await hashes(ffmpeg, decoded, options);
  const is = await hashes(ffmpeg, { input: inputArguments(rendition), stream: 0, filters: [], pixelFormat }, options);
  const differing = was.findIndex((hash, i) => hash !== is[i]);
  if (was.length !== is.length) return { equal: false, detail: `${is.length} frames instead of ${was.length}` };
  if (differing >= 0) return { equal: false, detail: `frame ${differing} of ${was.length} differs` };
  return { equal: was.length > 0, detail: `${was.length} decoded frames are equal by hash` };
}

type Decoded = {
  readonly input: readonly string[];
  readonly stream: number;
  readonly filters: readonly string[];
  readonly pixelFormat: string;
};

async function hashes(
  ffmpeg: string,
  { input, stream, filters, pixelFormat }: Decoded,
  { signal, onProgress }: WorkOptions,
): Promise<readonly string[]> {
  const found: string[] = [];
  const args = [
    ...ffmpegPreamble(),
    ...['-max_error_rate', '1', '-noautorotate'],
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
      if (hash) found.push(hash.slice(0, 32));
      onProgress(found.length);
    },
  });
  return found;
}
