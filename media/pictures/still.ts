import { Writable } from 'node:stream';
import type { StillTask } from '../../core/ports/media.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { ffmpegPreamble } from '../process/ffmpeg.ts';
import { runProcess } from '../process/run-process.ts';

/** One frame, by its number, through filters, as PNG. */
export async function still(
  ffmpeg: string,
  { path, stream, frame, filters }: StillTask,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  const chain = [...filters, `select=eq(n\\,${frame})`].join(',');
  const args = [
    ...ffmpegPreamble(),
    ...['-noautorotate', ...inputArguments(path), '-map', stream, '-vf', chain],
    ...['-frames:v', '1', '-fps_mode', 'passthrough', '-c:v', 'png', '-pix_fmt', 'rgb24', '-f', 'image2pipe', 'pipe:1'],
  ];
  await runProcess(ffmpeg, args, { signal, stdout });
  return Buffer.concat(chunks);
}
