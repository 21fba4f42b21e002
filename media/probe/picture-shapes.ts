import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { CountedShape } from '../../core/film/changing-picture.ts';
import { hasOneKeyframe } from '../../core/film/file-packets.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { parseRational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** Codecs that state the picture's size again at each keyframe. The size of any other codec is fixed by its header. */
const MAY_CHANGE = /^(h264|hevc|vvc|mpeg[124](video)?|vp[89]|av1|theora|vc1|wmv3|h263|flv1|rv[1-4]0|dirac|cavs)$/;

/**
 * Returns the shapes of a stream's pictures in the order of their first keyframes. Only keyframes are decoded, since no other
 * picture changes the size, except in VP9 and AV1. None is decoded where the packets tell that there is only one.
 */
export async function pictureShapes(
  ffmpeg: string,
  source: Source,
  signal: AbortSignal,
): Promise<readonly CountedShape[]> {
  const codec = source.probe.streams.find(({ index }) => index === source.stream)?.codec ?? '';
  if (!MAY_CHANGE.test(codec) || (source.packets && hasOneKeyframe(source.packets, source.stream))) return [];
  const found = new Map<string, CountedShape>();
  await runFfmpeg(ffmpeg, shapesArgs(source), {
    signal,
    stdout: 'ignore',
    blame: 'bad-input',
    doing: 'looking for changes of the picture',
    onStderrLine: (line) => {
      const [, sar, width, height] = / sar:(\d+\/\d+) s:(\d+)x(\d+) /.exec(line) ?? [];
      if (sar === undefined || width === undefined) return;
      const name = `${width}x${height} ${sar}`;
      const keyframes = (found.get(name)?.keyframes ?? 0) + 1;
      const shape = { width: Number(width), height: Number(height), sar: parseRational(sar) ?? { num: 1, den: 1 } };
      found.set(name, { ...shape, keyframes });
    },
  });
  return [...found.values()];
}

const shapesArgs = ({ path, stream }: Source): string[] => [
  ...ffmpegPreamble({ log: 'info', acceptsErrors: true }),
  '-noautorotate',
  ...['-discard', 'nokey', '-skip_frame', 'nokey', '-skip_loop_filter', 'all', '-reinit_filter', '0'],
  // without low_delay the decoder loses a picture that is waiting for output when the size changes
  ...['-flags', 'low_delay'],
  ...[...inputArguments(path), '-map', `0:${stream}`, '-vf', 'showinfo=checksum=0'],
  ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
];
