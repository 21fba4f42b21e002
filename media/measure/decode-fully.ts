import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { FramesToShow, WholeDecode } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { shownFilters } from '../../core/quality/pass-pictures.ts';
import { pickFrames } from '../../core/quality/pick-frames.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { rgbFrames } from '../process/rgb-frames.ts';

type DecodeAsked = { readonly what?: 'picture' | 'picture and sounds'; readonly show?: FramesToShow | undefined };

/**
 * Decodes the picture of a file that we made to its end, or its picture and all its sounds, and treats every decoder error
 * as fatal. Returns the number of frames, the errors, and frames that are to be shown. Timestamps are ignored, and may repeat.
 */
export async function decodeFully(
  ffmpeg: string,
  path: string,
  options: WorkOptions,
  { what = 'picture', show }: DecodeAsked = {},
): Promise<WholeDecode> {
  if (show) {
    const both = await decoded(ffmpeg, path, options, { what, show });
    if (both.errors.length === 0) return both;
  }
  return decoded(ffmpeg, path, options, { what, show: undefined }); // whether frames can be shown must not matter
}

async function decoded(
  ffmpeg: string,
  path: string,
  { signal, onProgress }: WorkOptions,
  { what, show }: { readonly what: keyof typeof MAPS; readonly show: FramesToShow | undefined },
): Promise<WholeDecode> {
  let frames = 0;
  const args = [
    ...ffmpegPreamble(),
    ...['-xerror', '-err_detect', 'explode', '-noautorotate'],
    ...['-i', `file:${path}`, ...MAPS[what], '-vf', 'setpts=N', '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-progress', 'pipe:3', '-f', 'null', '-'],
    ...(show ? shownArgs(show) : []),
  ];
  const onFrames = (count: number) => {
    frames = count;
    onProgress(count);
  };
  const { stream, bytes } = collectBytes();
  try {
    const { stderrTail } = await runFfmpeg(ffmpeg, args, {
      signal,
      onFrames,
      ...(show && { stdout: stream }),
      blame: 'not-exact',
      doing: 'decoding the rendition',
    });
    return { frames, errors: stderrTail, shown: show ? rgbFrames(bytes(), show.size) : [] };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    return { frames, errors: [error.message], shown: [] };
  }
}

const MAPS = { picture: ['-map', '0:v:0'], 'picture and sounds': ['-map', '0:v?', '-map', '0:a?'] };

/** A second output of the same decoder. */
function shownArgs({ frames, turn, size }: FramesToShow): readonly string[] {
  const windows = frames.map((startFrame) => ({ startFrame, frames: 1, lead: 0 }));
  return [
    ...[
      '-map',
      '0:v:0',
      '-vf',
      [pickFrames(0, windows), ...shownFilters({ turn, size })].join(','),
      '-frames:v',
      `${frames.length}`,
    ],
    ...['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
  ];
}
