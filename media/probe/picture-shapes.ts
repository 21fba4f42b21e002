import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { CountedColour } from '../../core/film/changing-colours.ts';
import type { CountedKind } from '../../core/film/changing-picture.ts';
import { hasOneKeyframe } from '../../core/film/file-packets.ts';
import { type CodedPicture, isMovie } from '../../core/film/probe.ts';
import { shownPicture } from '../../core/film/showinfo-line.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { formatRational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { sampleEntries } from '../structure/mp4-sample-entries.ts';
import { inputArguments } from './input-arguments.ts';
import { jpegsDiffer } from './jpeg-frames.ts';

/** Codecs that state the picture's size and format again at each keyframe. The size of any other codec is fixed by its header. */
const MAY_CHANGE = /^(h264|hevc|vvc|mpeg[124](video)?|vp[89]|av1|theora|vc1|wmv3|h263|flv1|rv[1-4]0|dirac|cavs|mjpeg)$/;

/**
 * Returns the kinds of a stream's pictures, with their colours and the turns that they say, in the order of their first keyframes. Only keyframes are decoded, since no other
 * picture changes the size, except in VP9 and AV1. None is decoded where the packets tell that there is only one, or the headers of
 * Motion JPEG that all are alike.
 */
export async function pictureShapes(
  ffmpeg: string,
  source: Source,
  signal: AbortSignal,
): Promise<readonly CountedKind[]> {
  const codec = source.probe.streams.find(({ index }) => index === source.stream)?.codec ?? '';
  if (!MAY_CHANGE.test(codec) || (source.packets && hasOneKeyframe(source.packets, source.stream))) return [];
  if (codec === 'mjpeg' && !(await jpegsDiffer(ffmpeg, source, signal))) return [];
  const found = new Map<string, CountedKind>();
  let picture: (Omit<CodedPicture, 'range'> & { readonly seconds: number | undefined }) | undefined;
  let angle: number | undefined;
  const isJoined = isMovie(source.probe) && (await sampleEntries(source.path, source.stream, signal)) > 1;
  const reading = runFfmpeg(ffmpeg, shapesArgs(source, isJoined), {
    signal,
    stdout: 'ignore',
    blame: 'bad-input',
    doing: 'looking for changes of the picture',
    // the filter says a picture's range in the line behind its other facts
    onStderrLine: (line) => {
      const shown = shownPicture(line);
      if (shown?.kind === 'picture') {
        const { width, height, sar, pixelFormat, seconds } = shown;
        picture = { width, height, sar, pixelFormat, seconds };
        angle = undefined;
      }
      if (shown?.kind === 'rotation') angle = shown.degrees;
      if (!picture || shown?.kind !== 'colour') return;
      const range = shown.range === 'pc' || picture.pixelFormat.startsWith('yuvj') ? 'pc' : 'tv';
      const { seconds, ...kind } = picture;
      const { width, height, sar, pixelFormat } = kind;
      const name = `${width}x${height} ${formatRational(sar)} ${pixelFormat} ${range}`;
      const { keyframes = 0, colours = [], angles = [] } = found.get(name) ?? {};
      const all = angle === undefined || angles.includes(angle) ? angles : [...angles, angle];
      found.set(name, {
        ...kind,
        range,
        keyframes: keyframes + 1,
        colours: withColour(colours, { ...shown, seconds }),
        angles: all,
      });
      picture = undefined;
    },
  });
  await reading.catch((error: unknown) => {
    // a recording that begins in the middle of a gradual refresh may hold no picture that decodes by itself
    if (found.size > 0 || !(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
  });
  return [...found.values()];
}

/** Counts what a keyframe says of its colours. */
function withColour(
  colours: readonly CountedColour[],
  { matrix, primaries, transfer, seconds }: Omit<CountedColour, 'keyframes'>,
): readonly CountedColour[] {
  const isSame = (each: CountedColour) =>
    each.matrix === matrix && each.primaries === primaries && each.transfer === transfer;
  if (!colours.some(isSame)) return [...colours, { matrix, primaries, transfer, seconds, keyframes: 1 }];
  return colours.map((each) => (isSame(each) ? { ...each, keyframes: each.keyframes + 1 } : each));
}

const shapesArgs = ({ path, stream }: Source, isJoined: boolean): string[] => [
  ...ffmpegPreamble({ log: 'info', acceptsErrors: true }),
  '-noautorotate',
  // where MP4 describes its pictures several times, ffmpeg hands on a later description only if it reads all packets
  ...(isJoined ? [] : ['-discard', 'nokey']),
  ...['-skip_frame', 'nokey', '-skip_loop_filter', 'all'],
  // where H.264 states no range, the decoder keeps its last one, which may be that of a later part: ffmpeg reads ahead when it opens a file
  ...['-color_range', 'tv'],
  // without low_delay the decoder loses a picture that is waiting for output when the size changes
  ...['-flags', 'low_delay'],
  // the graph is made again at each change, because the filter names the format of its link and not of the picture
  ...[...inputArguments(path), '-map', `0:${stream}`, '-vf', 'showinfo=checksum=0'],
  ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
];
