import { toNumber } from '../units.ts';
import { type FrameTimes, KEY } from './frame-index.ts';
import { joinAdvice } from './parts-of-recordings.ts';

/** How a recording begins whose first packets of the picture refer to pictures that it does not hold. */
export type MidGroup = {
  /** How many of the pictures that are shown come before its first keyframe. */
  readonly before: number;
  /** How long there is sound before the first picture that is shown. */
  readonly soundOnlySeconds: number;
};

type RecordingStart = {
  /** The packets of the picture. */
  readonly packets: FrameTimes;
  /** The times at which pictures are shown, ascending, in ticks of `tickSeconds`. */
  readonly times: ArrayLike<number>;
  readonly tickSeconds: number;
  /** When each sound begins, in seconds on the same clock. */
  readonly soundsBegin: readonly number[];
};

/** Times that differ by less than this are one time, rounded in two ways. */
const SAME_SECONDS = 0.001;

/** Returns how a recording begins in the middle of a group of pictures; undefined where it begins with a keyframe, or has none. */
export function midGroup({ packets, times, tickSeconds, soundsBegin }: RecordingStart): MidGroup | undefined {
  const key = packets.flags.subarray(0, packets.count).findIndex((bits) => (bits & KEY) !== 0);
  if (packets.from !== 'packets' || key <= 0 || times.length === 0) return undefined;
  const keySeconds = (packets.pts[key] ?? 0) * toNumber(packets.timeBase);
  const secondsOf = (frame: number) => (times[frame] ?? Number.POSITIVE_INFINITY) * tickSeconds;
  let before = 0;
  while (before < times.length && secondsOf(before) < keySeconds - SAME_SECONDS) before++;
  return { before, soundOnlySeconds: Math.max(0, secondsOf(0) - Math.min(secondsOf(0), ...soundsBegin)) };
}

/** Less sound than this before the first picture is not told: whole recordings begin so as well. */
const LEAST_SECONDS = 0.05;

/** Returns the sentence that tells people of such a beginning, and what they can do about it, of a file with this name. */
export function midGroupSentence({ before, soundOnlySeconds }: MidGroup, name: string): string {
  const begins = 'the recording begins in the middle of a group of pictures';
  const sound = soundOnlySeconds < LEAST_SECONDS ? [] : [`its first ${soundOnlySeconds.toFixed(1)} s have sound only`];
  const pictures = before === 1 ? 'its first picture refers' : `its first ${before} pictures refer`;
  const refers = before === 0 ? [] : [`${pictures} to others that it does not hold`];
  const told = [...sound, ...refers].join(', and ');
  const sentence = told === '' ? `${begins}, and is shown from its first keyframe on` : `${begins}; ${told}`;
  return [sentence, joinAdvice(name) ?? []].flat().join('; ');
}
