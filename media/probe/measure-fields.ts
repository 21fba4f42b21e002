import { PassThrough } from 'node:stream';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { type Combing, combingOf, type Lines, UNTOLD } from '../../core/fields/combing.ts';
import { mayBeInterlaced, picturesTellFields, sayFields, surelySays } from '../../core/fields/field-flags.ts';
import { type FilmFields, filmFields, ONE_MOMENT_EACH } from '../../core/fields/film-fields.ts';
import { isSequential } from '../../core/film/access.ts';
import { stretchedFilters } from '../../core/film/changing-picture.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import { withoutMatrix } from '../../core/film/scale-filter.ts';
import { shownPicture } from '../../core/film/showinfo-line.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type SampledFilm, type SampleStart, sampleStarts } from '../../core/segments/field-samples.ts';
import { seekArgs } from '../../core/segments/reach.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { steadyInput, timedInputArguments } from './input-arguments.ts';

const SAMPLES = 6;
const FRAMES_EACH = 48;
/** A film up to this length is measured whole, which takes no longer than its samples. */
const SHORT_SECONDS = 12;
/** Combing is seen in every column, so that a part of the columns tells enough. */
const COLUMNS = 160;

/**
 * Finds the interlaced parts of a film by its pictures. Flags are not trusted: a film that is flagged as interlaced is decoded
 * whole, any other is sampled first, and decoded whole if a sample is interlaced. Larger and faster pictures than interlaced
 * formats have are not measured, unless they are flagged. A film that is flagged, while its pictures do not say that they are interlaced, is
 * looked at as one that is not: pictures of a film at 24 a second say which field comes first if they say which one is shown twice.
 */
export async function measureFields(
  ffmpeg: string,
  source: Source,
  film: SampledFilm,
  signal: AbortSignal,
): Promise<FilmFields> {
  const { codec = '', video } = source.probe.streams.find((stream) => stream.index === source.stream) ?? {};
  if (!video) return ONE_MOMENT_EACH;
  const isFlagged = video.fieldOrder === 'interlaced';
  const flags = { isFlagged, lines: video.height };
  if (!isFlagged && (!mayBeInterlaced(video, codec) || !(await seemsInterlaced()))) return ONE_MOMENT_EACH;
  const said: boolean[] = [];
  const onPicture = picturesTellFields(codec) ? (is: boolean) => void said.push(is) : undefined;
  const combings = await combingsOf(ffmpeg, source, { video, signal, onPicture });
  const isBelieved = isFlagged && (onPicture === undefined || sayFields(said));
  return filmFields(combings, { ...flags, isFlagged: isBelieved, said: said.map(surelySays) });

  async function seemsInterlaced(): Promise<boolean> {
    if (film.durationSeconds <= SHORT_SECONDS) return true;
    for (const start of sampleStarts(SAMPLES, film)) {
      const combings = await combingsOf(ffmpeg, source, { video: video ?? never(), signal, start });
      if (filmFields(combings, flags).parts.length > 0) return true;
    }
    return false;
  }
}

function never(): never {
  throw new Error('a film without a picture was to be measured');
}

type Stretch = {
  readonly video: VideoFacts;
  readonly signal: AbortSignal;
  readonly start?: SampleStart;
  /** Called with what each picture says of itself. */
  readonly onPicture?: ((isInterlaced: boolean) => void) | undefined;
};

/** Decodes the film, or a sample of it, and returns how the fields of each frame lie in time. */
async function combingsOf(ffmpeg: string, source: Source, { video, signal, start, onPicture }: Stretch) {
  const size = { width: Math.min(COLUMNS, video.width), height: video.height };
  const combings: Combing[] = [];
  const pipe = new PassThrough();
  const reading = readFrames(pipe, size, (frame, before) => {
    combings.push(before ? combingOf(frame, before) : UNTOLD);
  });
  // an offset would let frames through that lie before the time that is sought
  const access = start && !isSequential(source.probe.access) ? 'indexed' : source.probe.access;
  const dropped = start?.skip ? [`trim=start_frame=${start.skip}`] : [];
  const filters = [
    ...(onPicture ? ['showinfo=checksum=0'] : []),
    ...dropped,
    ...stretchedFilters(video),
    ...withoutMatrix(video.pixelFormat),
    `scale=${size.width}:${size.height}:flags=neighbor`,
    'format=gray',
  ];
  const args = [
    ...ffmpegPreamble({ acceptsErrors: true, ...(onPicture && { log: 'info' }) }),
    '-noautorotate',
    ...(start ? seekArgs({ fileStartSeconds: source.probe.startSeconds, ...start }) : []),
    ...[...steadyInput(source), ...timedInputArguments(source.path, access)],
    ...['-map', `0:${source.stream}`, '-vf', filters.join(','), ...(start ? ['-frames:v', `${FRAMES_EACH}`] : [])],
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
  const decoding = runFfmpeg(ffmpeg, args, {
    signal,
    stdout: pipe,
    ...(onPicture && { onStderrLine: (line: string) => tellPicture(line, onPicture) }),
    blame: 'bad-input',
    doing: 'looking for interlaced frames',
  });
  await Promise.all([decoding, reading]);
  return combings;
}

function tellPicture(line: string, onPicture: (isInterlaced: boolean) => void): void {
  const shown = shownPicture(line);
  if (shown?.kind === 'picture') onPicture(shown.field !== undefined);
}

/** Reads raw grey frames, and hands each on with the one before it. Two frames of memory are used in turn. */
async function readFrames(
  pipe: AsyncIterable<Uint8Array>,
  { width, height }: Pick<Lines, 'width' | 'height'>,
  onFrame: (frame: Lines, before: Lines | undefined) => void,
): Promise<void> {
  let now: Lines = { width, height, data: new Uint8Array(width * height) };
  let before: Lines | undefined;
  let filled = 0;
  for await (const chunk of pipe) {
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.subarray(from, from + now.data.length - filled);
      now.data.set(taken, filled);
      filled += taken.length;
      from += taken.length;
      if (filled < now.data.length) continue;
      onFrame(now, before);
      const free: Lines = before ?? { width, height, data: new Uint8Array(width * height) };
      before = now;
      now = free;
      filled = 0;
    }
  }
}
