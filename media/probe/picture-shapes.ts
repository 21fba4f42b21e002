import type { CountedShape } from '../../core/film/changing-picture.ts';
import type { Source } from '../../core/ports/media.ts';
import { parseRational } from '../../core/units.ts';
import { ffmpegPreamble, runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** Codecs whose pictures say how large they are, each time that decoding can begin. Others are as large as their header says. */
const MAY_CHANGE = /^(h264|hevc|vvc|mpeg[124](video)?|vp[89]|av1|theora|vc1|wmv3|h263|flv1|rv[1-4]0|dirac|cavs)$/;

/**
 * The shapes that the pictures of a stream have, in the order in which they come. Only keyframes are decoded: elsewhere no
 * picture begins to be larger, but in VP9 and AV1.
 */
export async function pictureShapes(
  ffmpeg: string,
  source: Source,
  signal: AbortSignal,
): Promise<readonly CountedShape[]> {
  const codec = source.probe.streams.find(({ index }) => index === source.stream)?.codec ?? '';
  if (!MAY_CHANGE.test(codec)) return [];
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
      const shape = found.get(name) ?? {
        ...{ width: Number(width), height: Number(height), keyframes: 0 },
        sar: parseRational(sar) ?? { num: 1, den: 1 },
      };
      found.set(name, { ...shape, keyframes: shape.keyframes + 1 });
    },
  });
  return [...found.values()];
}

const shapesArgs = ({ path, stream }: Source): string[] => [
  ...[...ffmpegPreamble('info'), '-max_error_rate', '1', '-noautorotate'],
  ...['-discard', 'nokey', '-skip_frame', 'nokey', '-skip_loop_filter', 'all', '-reinit_filter', '0'],
  // a picture that waits for its turn is lost where the next is of another size
  ...['-flags', 'low_delay'],
  ...[...inputArguments(path), '-map', `0:${stream}`, '-vf', 'showinfo=checksum=0'],
  ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
];
