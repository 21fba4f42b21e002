import { toNumber } from '../units.ts';
import { type FrameTimes, KEY } from './frame-index.ts';

/** The frames or the length of the picture that a file's index announces; both are absent where no index tells. */
export type Promised = {
  /** How many frames with any data the index names. */
  readonly frames?: number;
  /** How many of them lie in fragments that are out of order: ffmpeg reads their packets and shows none. */
  readonly unordered?: number;
  /** The sum of the lengths of the picture's fragments. */
  readonly seconds?: number;
  /** Whether all bytes that the index names lie in the file. */
  readonly isWhole?: boolean;
};

/** How much of the picture its packets hold. */
export type PicturePackets = {
  readonly packets: number;
  /** The sum of the packets' durations, as far as packets state one. */
  readonly coveredSeconds: number;
  /** The time from the first picture's beginning to the last one's end. */
  readonly spanSeconds: number;
  /** The total length of stretches of the file that cannot be read. */
  readonly unreadableSeconds: number;
  /** Whether the demuxer logged an error. */
  readonly hasErrors?: boolean;
};

/** How many frames are missing, of how many that should be there. */
export type MissingFrames = { readonly frames: number; readonly of: number };

/** A film with more than this share of its frames missing is refused. */
const MOST_MISSING = 0.05;

/** Whether the container announces its frames or its length, so that missing frames can be counted. */
export const promisesFrames = (format: string, durationSeconds: number | undefined): boolean =>
  /^(mov|avi)/.test(format) || (/^(matroska|mxf)/.test(format) && durationSeconds !== undefined);

/** Containers that state a length and no number of frames. A picture in them may last for any time. */
const STATES_LENGTH = /^(asf|flv)$/;
/** The stated length may be that of a longer sound. */
const LATER_END_SECONDS = 1;

type StatedLength = {
  readonly format: string;
  /** The length that the container states, from the file's start. */
  readonly durationSeconds: number | undefined;
  readonly hasErrors: boolean;
  /** Frames that are known not to decode. */
  readonly undecoded: number;
};

/**
 * Returns how many frames are missing in the stretches in which nothing is shown, where the container states how long the film is and its
 * demuxer met damage; undefined where such stretches may be what was recorded. Errors of an FLV's demuxer alone mean little.
 */
export function missingInLength(
  shown: ShownSeconds,
  { format, durationSeconds, hasErrors, undecoded }: StatedLength,
): MissingFrames | undefined {
  if (!STATES_LENGTH.test(format) || durationSeconds === undefined || !hasErrors) return undefined;
  if (format === 'flv' && undecoded === 0) return undefined;
  const { seconds, frames, usual } = emptyStretches(shown);
  const behind = shown.length > 0 && usual > 0 ? durationSeconds - shown.at(shown.length - 1) - usual : 0;
  const absent = frames + (behind > LATER_END_SECONDS ? Math.round(behind / usual) : 0);
  return seconds === 0 && absent === 0
    ? undefined
    : { frames: absent + undecoded, of: shown.length + absent + undecoded };
}

/** Rounded times may differ by half a frame at each end, so shorter differences are not missing frames. */
const ROUNDED_SECONDS = 0.1;

/** Returns how many frames have no packet that is shown, by the file's index or by its unreadable stretches. */
export function framesWithoutPacket(
  { frames, unordered = 0, seconds, isWhole = false }: Promised,
  { packets, coveredSeconds: stated, spanSeconds, unreadableSeconds }: PicturePackets,
): number {
  // demuxers state one duration for all pictures of some fragments, although their times have other distances
  const coveredSeconds = isWhole && stated > 0 ? Math.max(stated, spanSeconds) : stated;
  const perSecond = coveredSeconds > 0 ? packets / coveredSeconds : 0;
  const uncovered = seconds === undefined ? 0 : seconds - coveredSeconds;
  return Math.max(
    0,
    unordered,
    frames === undefined ? 0 : frames - packets,
    Math.floor(perSecond * (uncovered > ROUNDED_SECONDS ? uncovered : 0)),
    Math.round(perSecond * unreadableSeconds),
  );
}

/** Codecs with packets that hold one field of a picture, or a picture that is never shown. */
const FIELD_CODED = /^(h264|hevc|mpeg2video|vc1|vp8)$/;

/** Times that differ by less than this are one time: of a packet and its decoded frame, of the end of a fragment and the beginning of the next. */
export const SAME_SECONDS = 0.0005;

/**
 * Returns how many packets decode to no picture: those whose time lies between the times of two shown pictures. In codecs
 * with field packets or hidden pictures, a single packet between two pictures is not counted.
 */
export function undecodableFrames(packets: ShownSeconds, shown: ShownSeconds, codec: string): number {
  if (packets.length <= shown.length) return 0;
  const runs: number[] = [];
  let next = 0;
  for (let i = 0; i < shown.length; i++) {
    const before = next;
    while (next < packets.length && packets.at(next) < shown.at(i) - SAME_SECONDS) next++;
    runs.push(next - before);
    next++;
  }
  const [first = 0, ...between] = runs;
  const singles = between.filter((run) => run === 1).length;
  const areHalves = FIELD_CODED.test(codec) && singles > between.length / 50;
  const lost = (run: number) => (areHalves ? Math.floor(run / 2) : run);
  const behind = Math.max(0, packets.length - next);
  const missing = [...between, behind].reduce((sum, run) => sum + lost(run), first);
  return Math.min(packets.length - shown.length, missing);
}

type Unshown = {
  readonly index: FrameTimes;
  readonly timesAreSound: boolean;
  /** The times of the packets that are shown, and those of the decoded frames. */
  readonly packets: ShownSeconds;
  readonly shown: ShownSeconds;
  readonly codec: string;
  /** The times of the decoded frames count from the first of them, and not from the file's start. */
  readonly fromFirst: boolean;
};

/**
 * Returns how many packets of a stream without an index decode to no picture. Pictures before the first keyframe are not counted,
 * because a recording that joined a broadcast midway begins with them. Where packets have no times of their own only their number
 * can be compared, and two packets may then be the fields of one picture.
 */
export function unshownPackets({ index, timesAreSound, packets, shown, codec, fromFirst }: Unshown): number {
  const { pts, flags, count } = index;
  const key = flags.findIndex((bits) => (bits & KEY) !== 0);
  if (key < 0) return 0;
  if (timesAreSound) {
    const begins = (pts[key] ?? 0) * toNumber(index.timeBase) - SAME_SECONDS;
    const frames = fromFirst ? later(shown, begins + SAME_SECONDS - shown.at(0)) : shown;
    return undecodableFrames(from(packets, begins), from(frames, begins), codec);
  }
  const behind = count - key;
  if (codec === 'theora') return Math.max(0, behind - HEADERS_OF_THEORA * headersWithin(pts) - shown.length);
  return Math.max(0, (FIELD_CODED.test(codec) ? Math.ceil(behind / 2) : behind) - shown.length);
}

/** The packets with which each recording in Theora begins, and which hold no picture. */
const HEADERS_OF_THEORA = 3;

/** How many recordings follow the first one: pictures of Theora lie in the order of their times. */
const headersWithin = (pts: Float64Array) =>
  pts.reduce((sum, time, i) => sum + (i > 0 && time < (pts[i - 1] ?? time) ? 1 : 0), 0);

const later = (times: ShownSeconds, seconds: number): ShownSeconds => ({
  length: times.length,
  at: (frame) => times.at(frame) + seconds,
});

/** The times from `begins` on. */
function from(times: ShownSeconds, begins: number): ShownSeconds {
  let first = 0;
  while (first < times.length && times.at(first) < begins) first++;
  return { length: times.length - first, at: (frame) => times.at(first + frame) };
}

/** Ascending times of frames in seconds, read one by one, since an array would be one more copy of a day-long film's times. */
export type ShownSeconds = { readonly length: number; at(frame: number): number };

/** Returns "46 %", or one significant digit below 1 %. */
const shareText = ({ frames, of }: MissingFrames) => {
  const percent = (100 * frames) / of;
  return `${percent >= 1 ? percent.toFixed(0) : percent.toPrecision(1)} %`;
};

/** Returns the sentence for people and the manifest. */
export const missingText = (missing: MissingFrames): string =>
  `${shareText(missing)} of its frames are missing: ${missing.frames} of ${missing.of} are not there or do not decode`;

/** Whether more is missing than is published with a warning. */
export const isTooMuchMissing = ({ frames, of }: MissingFrames): boolean => frames > of * MOST_MISSING;

const EMPTY_FRAMES = 5;
const EMPTY_SECONDS = 0.3;

/** Returns how long no new frame is shown, in gaps far longer than the median one. Streams without an index have no other measure. */
export function emptyStretches(shown: ShownSeconds): {
  readonly seconds: number;
  readonly frames: number;
  /** The median distance of two frames, in seconds. */
  readonly usual: number;
} {
  const gapAfter = (i: number) => shown.at(i + 1) - shown.at(i);
  const gaps = Math.max(0, shown.length - 1);
  const usual = Float64Array.from({ length: gaps }, (_, i) => gapAfter(i)).sort()[gaps >> 1] ?? 0;
  let seconds = 0;
  for (let i = 0; i < gaps; i++) {
    const gap = gapAfter(i);
    if (usual > 0 && gap > EMPTY_FRAMES * usual && gap > EMPTY_SECONDS) seconds += gap - usual;
  }
  return { seconds, frames: usual > 0 ? Math.round(seconds / usual) : 0, usual };
}
