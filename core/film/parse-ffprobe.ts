import * as z from 'zod/mini';
import { ServiceError } from '../errors.ts';
import { parseRational, times } from '../units.ts';
import { accessOf } from './access.ts';
import { chaptersIn } from './chapters-of-file.ts';
import { codecName } from './codec-name.ts';
import { contentLight, masterDisplay } from './hdr.ts';
import { oggComments } from './ogg-comments.ts';
import { packingOf, timecodeOf, turnOf } from './picture-side-data.ts';
import type { AudioFacts, FieldOrder, HdrFacts, Probe, Stream, StreamType, Unusable, VideoFacts } from './probe.ts';
import { meaninglessColours, otherMatrix, probedColour } from './probed-colour.ts';
import { dolbyVisionOf } from './read-dolby-vision.ts';
import { programsSchema, serviceTags } from './service-tags.ts';
import { withOneLanguage } from './tags-of-streams.ts';
import { asRgb } from './xyz.ts';

/** What is asked for; log level and format are not among it. */
export const FFPROBE_QUESTIONS: readonly string[] = ['-show_format', '-show_streams', '-show_chapters'];

/** The arguments whose JSON `parseFfprobe` reads; the input's own arguments follow. */
export const FFPROBE_ARGUMENTS = [
  ['-v', 'warning', '-of', 'json', '-show_data_hash', 'sha256'], // warnings name the stream that stops ffprobe
  FFPROBE_QUESTIONS,
  '-show_programs',
].flat();

const text = z.optional(z.string());
const tags = z.optional(z.record(z.string(), z.string()));

const sideData = z.looseObject({ side_data_type: text, displaymatrix: text, type: z.optional(z.unknown()) });
type SideData = z.infer<typeof sideData>;

const ffprobeStream = z.object({
  index: z.int(),
  codec_type: text,
  codec_name: text,
  codec_tag_string: text,
  width: z.optional(z.int()),
  height: z.optional(z.int()),
  pix_fmt: text,
  sample_aspect_ratio: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  field_order: text,
  color_primaries: text,
  color_transfer: text,
  color_space: text,
  color_range: text,
  chroma_location: text,
  time_base: text,
  start_time: text,
  duration: text,
  nb_frames: text,
  channels: z.optional(z.int()),
  sample_rate: text,
  sample_fmt: text,
  channel_layout: text,
  bits_per_raw_sample: text,
  profile: text,
  extradata_hash: text,
  closed_captions: z.optional(z.int()),
  disposition: z.optional(z.record(z.string(), z.number())),
  tags,
  side_data_list: z.optional(z.array(sideData)),
});

const ffprobeFile = z.object({
  streams: z.optional(z.array(ffprobeStream)),
  chapters: z.optional(z.array(z.object({ tags }))),
  programs: z.optional(programsSchema),
  format: z.object({ format_name: z.string(), start_time: text, duration: text, size: text, tags }),
});

const ffprobeFrame = z.object({
  stream_index: z.int(),
  width: z.optional(z.int()),
  height: z.optional(z.int()),
  interlaced_frame: z.optional(z.int()),
  color_transfer: text,
  color_space: text,
  tags,
  side_data_list: z.optional(z.array(sideData)),
});
type FirstFrame = z.infer<typeof ffprobeFrame>;

const ffprobeFrames = z.object({ frames: z.optional(z.array(ffprobeFrame)) });

/** Parses ffprobe's JSON of a file and, where there is one, of its picture's first decoded frame. Throws `bad-input`. */
export function parseFfprobe(json: unknown, firstFrame: unknown): Probe {
  const parsed = ffprobeFile.safeParse(json);
  if (!parsed.success)
    throw new ServiceError(
      'bad-input',
      'ffprobe cannot describe this file as a video; check that it plays, and drop a copy that does',
    );
  const { format, streams = [], chapters = [], programs } = parsed.data;
  const frame = ffprobeFrames.safeParse(firstFrame);
  const titles = chapters.map((chapter) => lowerKeys(chapter.tags).title);
  const first = frame.success ? frame.data.frames?.[0] : undefined;
  return {
    bytes: Number(format.size ?? 0),
    format: format.format_name,
    access: accessOf(format.format_name, numberOf(format.start_time), streams.map(beginOf)),
    startSeconds: numberOf(format.start_time) ?? 0,
    durationSeconds: numberOf(format.duration),
    streams: streams.map((stream) => parseStream(stream, first?.stream_index === stream.index ? first : undefined)),
    ...chaptersIn(titles, format.format_name),
    tags: { ...serviceTags(programs), ...oggComments(format.format_name, streams), ...lowerKeys(format.tags) },
  };
}

const beginOf = ({ index, codec_type, start_time }: z.infer<typeof ffprobeStream>) => ({
  index,
  seconds: codec_type === undefined ? undefined : numberOf(start_time),
});

function parseStream(stream: z.infer<typeof ffprobeStream>, frame: FirstFrame | undefined): Stream {
  const type = streamType(stream.codec_type);
  const codec = codecName(stream, type);
  const isNamed = stream.codec_name !== undefined || (type !== 'video' && type !== 'audio');
  return {
    index: stream.index,
    type,
    codec,
    ...(!isNamed && { unusable: noDecoderFor(codec) }),
    tags: withOneLanguage(lowerKeys(stream.tags)),
    dispositions: Object.entries(stream.disposition ?? {}).flatMap(([name, set]) => (set ? [name] : [])),
    extradataHash: stream.extradata_hash ?? '',
    timeBase: parseRational(stream.time_base) ?? { num: 1, den: 1000 },
    startSeconds: numberOf(stream.start_time),
    durationSeconds: numberOf(stream.duration),
    ...(stream.nb_frames !== undefined && { samples: numberOf(stream.nb_frames) }),
    video: type === 'video' && stream.width && stream.height ? videoFacts(stream, frame) : undefined,
    audio: type === 'audio' ? audioFacts(stream) : undefined,
  };
}

function audioFacts(stream: z.infer<typeof ffprobeStream>): AudioFacts {
  const known = (name: string | undefined) => (name === 'unknown' ? undefined : name);
  return {
    channels: stream.channels ?? 0,
    sampleRate: Number(stream.sample_rate ?? 0),
    sampleFormat: stream.sample_fmt ?? 'unknown',
    channelLayout: known(stream.channel_layout),
    bits: numberOf(stream.bits_per_raw_sample),
    profile: known(stream.profile),
  };
}

/** Returns why a stream cannot be used whose codec no decoder here knows. */
export const noDecoderFor = (codec: string): Unusable => ({
  is: 'unknown',
  why: `no decoder here knows its codec (${codec})`,
});

function videoFacts(stream: z.infer<typeof ffprobeStream>, frame: FirstFrame | undefined): VideoFacts {
  const sideDataList = [...(stream.side_data_list ?? []), ...(frame?.side_data_list ?? [])];
  return asRgb({
    ...decodedShape(stream, frame),
    pixelFormat: pixelFormatOf(stream),
    baseFrameRate: parseRational(stream.r_frame_rate),
    averageFrameRate: parseRational(stream.avg_frame_rate),
    fieldOrder: fieldOrder(stream.field_order, stream.codec_name, frame?.interlaced_frame),
    ...(INTERLACED.test(stream.field_order ?? '') &&
      TELLS_NO_FIELDS.test(stream.codec_name ?? '') && { statedFields: stream.field_order }),
    colour: probedColour(stream, frame?.color_transfer),
    ...otherMatrix(stream, frame?.color_space),
    ...meaninglessColours(stream),
    ...turnOf(stream.side_data_list, frame?.side_data_list),
    ...packingOf(sideDataList, lowerKeys(stream.tags), frame?.tags),
    ...timecodeOf(sideDataList),
    hdr: hdrFacts(sideDataList),
    isAttachedPicture: stream.disposition?.attached_pic === 1,
    ...(stream.profile !== undefined && stream.profile !== 'unknown' && { profile: stream.profile }),
    hasClosedCaptions: stream.closed_captions === 1 || sideDataList.some(isClosedCaptions),
  });
}

/** ffprobe itself says so only of streams of which it decoded a picture. */
const isClosedCaptions = ({ side_data_type }: z.infer<typeof sideData>) =>
  /closed captions/i.test(side_data_type ?? '');

/**
 * Returns the size of the first decoded frame, since a container may state any size. The pixel shape comes from the
 * container; where it is not square, it is scaled so that the frame is shown in the aspect of the stated size.
 */
function decodedShape(
  { width = 0, height = 0, sample_aspect_ratio }: z.infer<typeof ffprobeStream>,
  frame: FirstFrame | undefined,
): Pick<VideoFacts, 'width' | 'height' | 'sar' | 'stated'> {
  const sar = parseRational(sample_aspect_ratio) ?? { num: 1, den: 1 };
  const own = { width: frame?.width ?? 0, height: frame?.height ?? 0 };
  const isAsStated = own.width === width && own.height === height;
  if (isAsStated || own.width === 0 || own.height === 0) return { width, height, sar };
  const across = { num: width * own.height, den: height * own.width };
  return { ...own, stated: { width, height }, sar: sar.num === sar.den ? sar : times(sar, across) };
}

/** VP8 and VP9 in WebM carry alpha beside the picture: the tag `alpha_mode` says so, ffmpeg's default decoder does not. */
function pixelFormatOf({ codec_name, pix_fmt = 'unknown', tags = {} }: z.infer<typeof ffprobeStream>): string {
  const beside = /^vp[89]$/.test(codec_name ?? '') && lowerKeys(tags).alpha_mode === '1';
  return beside && pix_fmt === 'yuv420p' ? 'yuva420p' : pix_fmt;
}

function streamType(name: string | undefined): StreamType {
  return name === 'video' || name === 'audio' || name === 'subtitle' || name === 'attachment' ? name : 'data';
}

// ffprobe reports frames of these codecs as progressive whatever they hold
const TELLS_NO_FIELDS = /^(rawvideo|[vr]\d{3}|huffyuv|ffvhuff|ffv1|utvideo|magicyuv|lagarith|png|qtrle)$/;

const INTERLACED = /^(tt|bb|tb|bt)$/;

/** Returns the stream's field order; where the stream has none, its first frame tells, since most codecs mark interlaced frames. */
function fieldOrder(name: string | undefined, codec: string | undefined, interlacedFrame?: number): FieldOrder {
  if (name === 'progressive') return 'progressive';
  if (name && INTERLACED.test(name)) return 'interlaced';
  if (interlacedFrame === undefined || TELLS_NO_FIELDS.test(codec ?? '')) return 'unknown';
  return interlacedFrame === 1 ? 'interlaced' : 'progressive';
}

function hdrFacts(list: readonly SideData[]): HdrFacts {
  const named = (pattern: RegExp) => list.find((data) => pattern.test(data.side_data_type ?? ''));
  return {
    masterDisplay: masterDisplay(named(/^Mastering display/)),
    contentLight: contentLight(named(/^Content light/)),
    dolbyVision: dolbyVisionOf(named(/^DOVI/) ?? named(/^Dolby Vision/)),
    hdr10plus: Boolean(named(/SMPTE2094-40|HDR10\+/)),
  };
}

function numberOf(value: string | undefined): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) ? number : undefined;
}

const lowerKeys = (record: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
