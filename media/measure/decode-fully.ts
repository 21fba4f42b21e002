import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/**
 * Decodes the picture of a file that we made to its end, or its picture and all its sounds, and treats every decoder error
 * as fatal. Returns the number of frames and the errors. Timestamps are ignored, and may repeat.
 */
export async function decodeFully(
  ffmpeg: string,
  path: string,
  { signal, onProgress }: WorkOptions,
  what: 'picture' | 'picture and sounds' = 'picture',
): Promise<{ readonly frames: number; readonly errors: readonly string[] }> {
  let frames = 0;
  const args = [
    ...ffmpegPreamble(),
    ...['-xerror', '-err_detect', 'explode', '-noautorotate'],
    ...['-i', `file:${path}`, ...MAPS[what], '-vf', 'setpts=N', '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-progress', 'pipe:3', '-f', 'null', '-'],
  ];
  const onFrames = (count: number) => {
    frames = count;
    onProgress(count);
  };
  try {
    const { stderrTail } = await runFfmpeg(ffmpeg, args, {
      signal,
      onFrames,
      blame: 'not-exact',
      doing: 'decoding the rendition',
    });
    return { frames, errors: stderrTail };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    return { frames, errors: [error.message] };
  }
}

const MAPS = { picture: ['-map', '0:v:0'], 'picture and sounds': ['-map', '0:v?', '-map', '0:a?'] };
