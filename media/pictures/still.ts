import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { StillTask } from '../../core/ports/file-maker.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runProcess } from '../process/run-process.ts';

/** Returns one frame, given by its number, as PNG, after it went through the filters. */
export async function still(
  ffmpeg: string,
  { path, stream, frame, filters }: StillTask,
  signal: AbortSignal,
): Promise<Buffer> {
  const { stream: stdout, bytes } = collectBytes();
  const chain = [...filters, `select=eq(n\\,${frame})`].join(',');
  const args = [
    ...ffmpegPreamble(),
    ...['-noautorotate', ...inputArguments(path), '-map', stream, '-vf', chain],
    ...['-frames:v', '1', '-fps_mode', 'passthrough', '-c:v', 'png', '-pix_fmt', 'rgb24', '-f', 'image2pipe', 'pipe:1'],
  ];
  await runProcess(ffmpeg, args, { signal, stdout });
  return bytes();
}
