import { lowerBound } from './borders.ts';

/** How ffmpeg comes to a frame: by a seek (without one, from the file's start), and past `skip` decoded frames. */
export type DecodeStart = { readonly seekSeconds: number | undefined; readonly skip: number };

export type FrameTimeline = {
  /** Presentation times, in ticks from the file's start. */
  readonly times: Float64Array;
  readonly tickSeconds: number;
  /** Frames at which decoding may begin, ascending. */
  readonly keyframes: Uint32Array;
};

/**
 * By a seek into the middle of a keyframe's time, so that rounding to microseconds cannot take one frame for another;
 * decoding lands on the frame after it. A seek to any frame would do in most files; in fragmented MP4 ffmpeg begins to
 * decode with the fragment that holds it, and what it shows and says is broken up to the next keyframe.
 */
export function decodeStart(frame: number, { times, tickSeconds, keyframes }: FrameTimeline): DecodeStart {
  const keyframe = keyframes[lowerBound(keyframes, frame) - 1];
  if (keyframe === undefined) return { seekSeconds: undefined, skip: frame };
  const seekTicks = ((times[keyframe] ?? 0) + (times[keyframe + 1] ?? 0)) / 2;
  return { seekSeconds: seekTicks * tickSeconds, skip: frame - keyframe - 1 };
}
