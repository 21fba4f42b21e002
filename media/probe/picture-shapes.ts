import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { CountedKind } from '../../core/film/changing-picture.ts';
import { hasOneKeyframe } from '../../core/film/file-packets.ts';
import { FRAME_LINES, frameReader } from '../../core/film/frame-lines.ts';
import { kindCounter, type SeenKeyframe } from '../../core/film/kind-counter.ts';
import { type CodedPicture, isMatroska, isMovie } from '../../core/film/probe.ts';
import { shownPicture } from '../../core/film/showinfo-line.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { sampleEntries } from '../structure/mp4-sample-entries.ts';
import { readPictureMarks } from '../structure/picture-marks.ts';
import { decodingThreads, inputArguments } from './input-arguments.ts';
import { jpegsDiffer } from './jpeg-frames.ts';

/** Codecs that state the picture's size and format again at each keyframe. The size of any other codec is fixed by its header. */
const MAY_CHANGE = /^(h264|hevc|vvc|mpeg[124](video)?|vp[89]|av1|theora|vc1|wmv3|h263|flv1|rv[1-4]0|dirac|cavs|mjpeg)$/;

type Tools = { readonly ffmpeg: string; readonly ffprobe: string };

/**
 * Returns the kinds of a stream's pictures, with their colours and the turns that they say, in the order of their first keyframes. Only keyframes are decoded, since no other
 * picture changes the size, except in VP9 and AV1. None is decoded where the packets tell that there is only one, or the headers of
 * Motion JPEG that all are alike.
 */
export async function pictureShapes(
  { ffmpeg, ffprobe }: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly CountedKind[]> {
  const codec = source.probe.streams.find(({ index }) => index === source.stream)?.codec ?? '';
  if (!MAY_CHANGE.test(codec) || (source.packets && hasOneKeyframe(source.packets, source.stream))) return [];
  if (codec === 'mjpeg' && !(await jpegsDiffer(ffmpeg, source, signal))) return [];
  if (await statesShape(source, signal)) return byFfmpeg(ffmpeg, source, ['-discard', 'nokey'], signal);
  const counter = kindCounter();
  try {
    await byFfprobe(ffprobe, source, { signal, onKeyframe: counter.add });
    return counter.kinds();
  } catch (error) {
    // the ffprobe of ffmpeg 5 crashes at some files that its ffmpeg reads, such as an FLV whose sound changes its codec
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return byFfmpeg(ffmpeg, source, [], signal);
  }
}

/**
 * Whether the container says the shape of pixels once for all pictures. Where it does not, ffmpeg from version 7.0 on gives every picture the
 * shape of the first one, and only ffprobe tells what each says.
 */
async function statesShape(source: Source, signal: AbortSignal): Promise<boolean> {
  if (isMatroska(source.probe)) return true;
  // where MP4 describes its pictures several times, a later description is handed on only if all packets are read
  if (!isMovie(source.probe) || (await sampleEntries(source.path, source.stream, signal)) > 1) return false;
  return (await readPictureMarks(source, signal)).boxes.includes('pasp');
}

type Listening = { readonly signal: AbortSignal; readonly onKeyframe: (keyframe: SeenKeyframe) => void };

/** Decodes the keyframes by ffmpeg, for whose demuxer there may be options: of a file with an index no other packet is read. */
async function byFfmpeg(
  ffmpeg: string,
  { path, stream }: Source,
  options: readonly string[],
  signal: AbortSignal,
): Promise<readonly CountedKind[]> {
  const counter = kindCounter();
  let picture: (Omit<CodedPicture, 'range'> & Pick<SeenKeyframe, 'seconds' | 'angle'>) | undefined;
  const args = [
    ...ffmpegPreamble({ log: 'info', acceptsErrors: true }),
    ...['-noautorotate', ...options, ...KEYFRAMES_ALONE],
    // the graph is made again at each change, because the filter names the format of its link and not of the picture
    ...[...inputArguments(path), '-map', `0:${stream}`, '-vf', 'showinfo=checksum=0'],
    ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
  const reading = runFfmpeg(ffmpeg, args, {
    ...{ signal, stdout: 'ignore', ...LOOKING },
    // the filter says a picture's range in the line behind its other facts
    onStderrLine: (line) => {
      const shown = shownPicture(line);
      if (shown?.kind === 'picture') {
        const { width, height, sar, pixelFormat, seconds } = shown;
        picture = { width, height, sar, pixelFormat, seconds, angle: undefined };
      }
      if (!picture) return;
      if (shown?.kind === 'rotation') picture = { ...picture, angle: shown.degrees };
      if (shown?.kind !== 'colour') return;
      const { matrix, primaries, transfer } = shown;
      const range = shown.range === 'pc' || picture.pixelFormat.startsWith('yuvj') ? 'pc' : 'tv';
      counter.add({ ...picture, range, colours: { matrix, primaries, transfer } });
      picture = undefined;
    },
  });
  await reading.catch((error: unknown) => {
    // a recording that begins in the middle of a gradual refresh may hold no picture that decodes by itself
    if (counter.kinds().length > 0 || !(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
  });
  return counter.kinds();
}

/** Decodes the keyframes by ffprobe, which reads every packet. */
async function byFfprobe(ffprobe: string, { path, probe, stream }: Source, { signal, onKeyframe }: Listening) {
  const reader = frameReader(probe.startSeconds, onKeyframe);
  const threads = ['-threads', '0', ...decodingThreads(probe)]; // ffprobe decodes by one thread otherwise
  const args = ['-v', 'error', ...KEYFRAMES_ALONE, ...threads, '-select_streams', `${stream}`, ...FRAME_LINES];
  try {
    await runFfmpeg(ffprobe, [...args, ...inputArguments(path)], { signal, ...LOOKING, onStdoutLine: reader.line });
  } finally {
    reader.end();
  }
}

const LOOKING = { blame: 'bad-input', doing: 'looking for changes of the picture' } as const;

const KEYFRAMES_ALONE: readonly string[] = [
  ...['-skip_frame', 'nokey', '-skip_loop_filter', 'all'],
  // where H.264 states no range, the decoder keeps its last one, which may be that of a later part: ffmpeg reads ahead when it opens a file
  ...['-color_range', 'tv'],
  // without low_delay the decoder loses a picture that is waiting for output when the size changes
  ...['-flags', 'low_delay'],
];
