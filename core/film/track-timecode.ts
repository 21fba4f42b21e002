import type { TrackEdit } from '../bytes/edit-list-box.ts';
import type { RunOfTimes } from '../bytes/opus-end.ts';

/** A track of time code of an MP4 or MOV (QuickTime File Format, "Timecode Media"). */
export type TimecodeTrack = {
  /** The sample entry behind its header. */
  readonly entry: Buffer;
  /** Ticks a second of the track, and of the movie. */
  readonly timescale: number;
  readonly movieScale: number;
  readonly runs: readonly RunOfTimes[];
  /** The number of the first frame of each sample. */
  readonly values: readonly number[];
  readonly edits: readonly TrackEdit[];
};

/**
 * Returns the time code of a track's first sample, which is what ffprobe reads, and the one that its edit list shows at a moment of the film. Undefined
 * where nothing is shown then, or the track does not describe itself.
 */
export function timecodeShown(
  { entry, timescale, movieScale, runs, values, edits }: TimecodeTrack,
  seconds: number,
): { readonly first: string; readonly shown: string } | undefined {
  const counting = countingOf(entry);
  const [value] = values;
  if (!counting || value === undefined) return undefined;
  let begins = 0;
  for (const { lasts, from, rate = NORMAL } of edits) {
    const [at, ends] = [seconds * movieScale - begins, begins + lasts];
    if (from >= 0 && rate === NORMAL && at >= 0 && at < lasts) {
      const shown = frameAt({ runs, values, timescale, counting }, from + (at / movieScale) * timescale);
      return shown === undefined ? undefined : { first: textOf(value, counting), shown: textOf(shown, counting) };
    }
    begins = ends;
  }
  return undefined;
}

const NORMAL = 0x1_0000;

type TimecodeClock = {
  readonly drops: boolean;
  /** Ticks a second of its own clock, and of a frame. */
  readonly scale: number;
  readonly frameTicks: number;
  readonly framesASecond: number;
};

const [ENTRY_BYTES, DROPS, COUNTS] = [25, 1, 8];

/** Undefined for a counter, which is no time, and for a clock without frames. */
function countingOf(entry: Buffer): TimecodeClock | undefined {
  if (entry.length < ENTRY_BYTES) return undefined;
  const [flags, scale, frameTicks] = [entry.readUInt32BE(12), entry.readUInt32BE(16), entry.readUInt32BE(20)];
  const framesASecond = entry.readUInt8(24);
  if ((flags & COUNTS) !== 0 || scale === 0 || frameTicks === 0 || framesASecond === 0) return undefined;
  return { drops: (flags & DROPS) !== 0, scale, frameTicks, framesASecond };
}

type TimecodeSamples = Pick<TimecodeTrack, 'runs' | 'values' | 'timescale'> & { readonly counting: TimecodeClock };

/** The number of the frame at a time of the track, in its ticks. */
function frameAt({ runs, values, timescale, counting }: TimecodeSamples, ticks: number): number | undefined {
  let [sample, begins] = [0, 0];
  for (const { count, ticks: lasts } of runs) {
    const into = lasts === 0 ? count : Math.floor((ticks - begins) / lasts);
    if (into < count) {
      const value = values[sample + into];
      const frames = ((ticks - begins - into * lasts) / timescale) * (counting.scale / counting.frameTicks);
      return value === undefined ? undefined : value + Math.floor(frames + ROUNDED);
    }
    sample += count;
    begins += count * lasts;
  }
  return undefined;
}

/** A movie's clock may be coarser than the frames, so that an edit begins a little before one. */
const ROUNDED = 0.05;

/** The frames of ten minutes of drop-frame at 30 a second, of which two are left out in all minutes but one (SMPTE 12M). */
const [DROPPED, OF_TEN_MINUTES, OF_A_MINUTE] = [2, 17_982, 1798];
const DAY_HOURS = 24;

function textOf(frame: number, { drops, framesASecond }: TimecodeClock): string {
  const times = drops ? framesASecond / 30 : 0;
  const [ten, dropped] = [OF_TEN_MINUTES * times, DROPPED * times];
  const over = drops ? frame % ten : 0;
  const left = drops
    ? 9 * dropped * Math.floor(frame / ten) + dropped * Math.trunc((over - dropped) / (OF_A_MINUTE * times))
    : 0;
  const counted = frame + left;
  const seconds = Math.floor(counted / framesASecond);
  const two = (value: number) => `${value}`.padStart(2, '0');
  const clock = [Math.floor(seconds / 3600) % DAY_HOURS, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':');
  return `${clock}${drops ? ';' : ':'}${two(counted % framesASecond)}`;
}
