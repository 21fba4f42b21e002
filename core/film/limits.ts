import { ServiceError } from '../errors.ts';
import { isLengthUnknown, mayJump } from './film-length.ts';
import { mainVideo, type Probe } from './probe.ts';

/** The limits of one source. Real material stays well inside them; hostile headers do not. */
export const LIMITS = {
  /** 16384 is as wide as GPUs take a texture: LED walls and 16K panoramas still fit. */
  side: 16_384,
  /** 8192x8192, the largest dome master; 8K 360° is 7680x3840. A frame in 10 bits 4:4:4 is then 403 MB at most. */
  pixels: 8192 * 8192,
  /** A whole satellite transponder has about 150, a subtitled MKV as many again in fonts. */
  streams: 256,
  seconds: 24 * 3600,
  /** The groups of tags of a Matroska. A film has one for each track and chapter; ffprobe's time grows with the cube of their number. */
  groupsOfTags: 1024,
  /** The tags of an MP4 under names of their own. ffmpeg's time grows with the square of their number: each program that opens 100,000 of them needs more than 45 s of a processor. */
  tags: 10_000,
} as const;

/** Throws `over-limit` for a picture larger than the limits. 0x0 passes, since a header may leave the size to the stream. */
export function refuseLargePicture(width: number, height: number): void {
  if (!isTooLarge({ width, height })) return;
  throw new ServiceError(
    'over-limit',
    `the picture is ${width}x${height}; at most ${LIMITS.side} a side and ${LIMITS.pixels} pixels (8192x8192) can be worked on`,
    { width, height },
  );
}

/** Whether a picture has more columns, rows or pixels than can be worked on. */
export const isTooLarge = ({ width, height }: { readonly width: number; readonly height: number }): boolean =>
  width > LIMITS.side || height > LIMITS.side || width * height > LIMITS.pixels;

/** Throws `over-limit` where a source has more streams than can be worked on. */
export function refuseManyStreams(streams: number): void {
  if (streams <= LIMITS.streams) return;
  throw new ServiceError(
    'over-limit',
    `the source has ${streams} streams or more; at most ${LIMITS.streams} can be worked on`,
    {
      streams,
    },
  );
}

/** Throws `over-limit` where a Matroska has more groups of tags than ffmpeg reads in a reasonable time. */
export function refuseManyTags(groups: number): void {
  if (groups <= LIMITS.groupsOfTags) return;
  throw new ServiceError(
    'over-limit',
    `the source has more than ${LIMITS.groupsOfTags} groups of tags, more than ffmpeg reads in a reasonable time; remove them with mkvpropedit --tags all:`,
  );
}

/** Throws `over-limit` where a film has more tags of its own names than ffmpeg reads in a reasonable time. */
export function refuseManyNamedTags(tags: number): void {
  if (tags <= LIMITS.tags) return;
  throw new ServiceError(
    'over-limit',
    `the source has more than ${LIMITS.tags} tags, more than ffmpeg reads in a reasonable time; make a film without them: ffmpeg -i SOURCE -map 0 -c copy -map_metadata -1 NEW.mp4`,
  );
}

/**
 * Throws `not-video` or `over-limit` for a source that cannot be worked on. `frames` counts the frames of the main video,
 * where they are known. A single frame is accepted, since people drop one-frame clips and no rule tells them from stills.
 */
export function refuseOverLimits(probe: Probe, frames?: number): void {
  refuseManyStreams(probe.streams.length);
  for (const { video } of probe.streams) if (video) refuseLargePicture(video.width, video.height);
  refuseLong(probe, frames !== undefined);
  const main = mainVideo(probe);
  refuseWithoutKeyframe(probe);
  refuseNewInFlv(probe);
  if (!main) throw notVideo(whatItHas(probe));
  if (main.video.width <= 0 || main.video.height <= 0) throw notVideo(NO_SIZE);
  if (frames === 0) throw notVideo('its video stream has no frames');
}

function refuseLong(probe: Probe, isRead: boolean): void {
  if (!isRead && mayJump(probe)) return; // its packets tell whether its clock jumps
  const films = probe.streams.filter(({ type }) => type !== 'subtitle'); // subtitles may have no end
  const whole = !isRead && isLengthUnknown(probe, LIMITS.seconds) ? [] : [probe];
  const seconds = Math.max(0, ...[...whole, ...films].map(({ durationSeconds }) => durationSeconds ?? 0));
  if (seconds <= LIMITS.seconds) return;
  throw new ServiceError(
    'over-limit',
    `the source lasts ${(seconds / 3600).toFixed(1)} hours; at most ${LIMITS.seconds / 3600} can be worked on, cut it first`,
    { seconds },
  );
}

const NO_SIZE = 'its video stream has no picture size';

function whatItHas({ streams }: Probe): string {
  if (streams.length === 0) return 'it has no streams';
  if (streams.some(({ video }) => video)) return 'it has no video stream, only cover art';
  if (streams.some(({ type }) => type === 'video')) return NO_SIZE;
  const types = [...new Set(streams.map(({ type }) => type))].join(' and ');
  return `it has no video stream, only ${types}`;
}

/** Broadcasts and cameras say the size of a picture with each keyframe alone. */
function refuseWithoutKeyframe({ format, streams }: Probe): void {
  const pictures = streams.filter(
    ({ type, dispositions }) => type === 'video' && !dispositions.includes('attached_pic'),
  );
  const isBare = pictures.length > 0 && pictures.every(({ video }) => video === undefined || video.width <= 0);
  if (!isBare || !/^mpeg(ts)?$/.test(format)) return;
  throw new ServiceError(
    'not-video',
    `the source shows no picture: its video (${pictures[0]?.codec}) holds no keyframe, so nothing of it decodes; join it with the piece before it`,
  );
}

/** HEVC, AV1 and VP9 in FLV (Enhanced RTMP, since 2023), which ffmpeg before 6.1 takes for another codec without a size. */
function refuseNewInFlv({ format, streams }: Probe): void {
  const pictures = streams.filter(({ type }) => type === 'video');
  const isBare = pictures.length > 0 && pictures.every(({ video }) => video === undefined || video.width <= 0);
  if (!isBare || format !== 'flv') return;
  throw new ServiceError(
    'not-video',
    'the ffmpeg that reads films here finds no picture size in this FLV; if its picture is HEVC, AV1 or VP9, which ffmpeg reads in FLV from 6.1 on, that ffmpeg makes a film that is read: ffmpeg -i SOURCE -c copy NEW.mkv',
  );
}

const notVideo = (what: string) =>
  new ServiceError('not-video', `the source is not a video: ${what}; drop the video itself`);
