import { lowerBound } from './borders.ts';

/**
 * How ffmpeg starts decoding for a frame: it seeks to a time (undefined: it starts at the file's beginning), and
 * discards `skip` decoded frames.
 */
export type DecodeStart = {
  /** Counted from the file's start. */
  readonly seekSeconds: number | undefined;
  /** When the file starts by its own clock; undefined where nothing is sought. */
  readonly fileStartSeconds?: number;
  readonly skip: number;
  /** The number of the frame that comes first, where filters must know it. */
  readonly from?: number;
};

/** The frames of a film of which each becomes two pictures, one of each field. */
export type Fields = { readonly times: Float64Array };

/** All frames of a file of which only every second one is taken, beginning with the first. */
export type Among = { readonly times: Float64Array; readonly every: 2 };

export type FrameTimeline = {
  /** Presentation times of the frames, in ticks from the file's start. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** When the file starts by its own clock, as the program says that gave the times. */
  readonly fileStartSeconds: number;
  /** The numbers of frames at which decoding may begin, ascending, counted among all frames of the file. */
  readonly keyframes: Uint32Array;
  /** All frames of the file, where `times` are those of every second one. */
  readonly among?: Among | undefined;
  /** The frames of the file, where `times` are those of two pictures of each. */
  readonly fields?: Fields | undefined;
  /** Set where filters must know at which frame a decode begins, though they make one picture of each. */
  readonly isCounted?: true | undefined;
};

/**
 * The decoding start for a frame: a seek to the middle of a keyframe's duration, so that rounding to microseconds
 * cannot select another frame, and decoding begins with the frame after it. A seek to any frame would work in most
 * files, but in fragmented MP4 ffmpeg starts to decode at the fragment that holds the frame, and shows broken pictures
 * up to the next keyframe. `skip` counts all decoded frames, before any filter.
 */
export function decodeStart(number: number, timeline: FrameTimeline): DecodeStart {
  const { tickSeconds, fileStartSeconds, keyframes, ...taken } = timeline;
  const times = (taken.fields ?? taken.among ?? taken).times;
  const frame = frameOf(number, taken);
  const keyframe = keyframes[lowerBound(keyframes, frame) - 1];
  const from = (taken.fields ?? taken.isCounted) && { from: frame };
  if (keyframe === undefined) return { seekSeconds: undefined, skip: frame, ...from };
  const seekTicks = ((times[keyframe] ?? 0) + (times[keyframe + 1] ?? 0)) / 2;
  return { seekSeconds: seekTicks * tickSeconds, fileStartSeconds, skip: frame - keyframe - 1, ...from };
}

/**
 * ffmpeg's arguments for a seek, to go before an input's own. They name a time by the file's own clock: two versions of ffmpeg
 * may read one film, and where sound begins before the picture, 5.1 counts from the sound's start and 7.0 from the picture's.
 */
export const seekArgs = ({ seekSeconds, fileStartSeconds = 0 }: Omit<DecodeStart, 'skip'>): readonly string[] =>
  seekSeconds === undefined ? [] : ['-seek_timestamp', '1', '-ss', (fileStartSeconds + seekSeconds).toFixed(6)];

/** The frame of the file that the picture with this number is made of. */
export const frameOf = (number: number, { among, fields }: Pick<FrameTimeline, 'among' | 'fields'>): number => {
  const picture = among ? number * among.every : number;
  return fields ? Math.floor(picture / 2) : picture;
};

/** How pictures are counted that come from a decode from this frame of the file on. */
export type FeedStart = {
  /** The frame that reaches the filters first, and how many decoded frames are dropped before it. */
  readonly frame: number;
  readonly dropped: number;
  /** The number of the first picture that the filters give. */
  readonly picture: number;
};

/** Returns how to begin where a file holds the frames from this one on. Of every second picture the first must be one that is taken. */
export function feedStart(frame: number, { among, fields }: Pick<FrameTimeline, 'among' | 'fields'>): FeedStart {
  const each = fields ? 2 : 1;
  const dropped = among && (frame * each) % among.every !== 0 ? 1 : 0;
  const first = frame + dropped;
  return { frame: first, dropped, picture: (first * each) / (among?.every ?? 1) };
}
