import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { ExcerptWindow } from '../../core/plan/comparison.ts';
import { excerptSeconds } from '../../core/plan/comparison.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** Writes these windows of the picture to a file, one after the other and without loss. */
export async function excerpt(
  ffmpeg: string,
  { path, stream }: Source,
  { windows, output }: { readonly windows: readonly ExcerptWindow[]; readonly output: string },
  signal: AbortSignal,
): Promise<void> {
  const inputs = windows.flatMap(({ startSeconds, endSeconds }) => [
    ...['-ss', startSeconds.toFixed(3), '-t', (endSeconds - startSeconds).toFixed(3)],
    ...inputArguments(path),
  ]);
  const graph = `${windows.map((_, i) => `[${i}:${stream}]`).join('')}concat=n=${windows.length}:v=1:a=0`;
  await runFfmpeg(
    ffmpeg,
    [
      ...ffmpegPreamble(),
      ...['-y', '-noautorotate', ...inputs, '-filter_complex', graph],
      ...['-fps_mode', 'passthrough', '-c:v', 'ffv1', '-level', '3', '-g', '1', '-f', 'matroska', `file:${output}`],
    ],
    { signal, writes: output, blame: 'bad-input', doing: `taking ${excerptSeconds(windows)} s out of the film` },
  );
}
