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

/** What a track says of a film's time code. */
export type ShownTimecode = {
  /** That of its first sample, which is what ffprobe reads. */
  readonly first: string;
  /** That of the asked moment. */
  readonly shown: string;
  /** When it is shown for the first time and until when, in seconds of the movie. */
  readonly from: number;
  readonly until: number;
  /** Frames a second. */
  readonly rate: number;
  /** Whether it is another one at its end than a clock that ran on would show. */
  readonly jumps: boolean;
};

/**
 * Returns the time code that a track's edit list shows at a moment of the film. Where the track begins later, it is counted back from there.
 * Undefined where nothing is shown from then on, or the track does not describe itself.
 */
export function timecodeShown(track: TimecodeTrack, seconds: number): ShownTimecode | undefined {
  const { entry, movieScale, values } = track;
  const counting = countingOf(entry);
  const [value] = values;
  const parts = partsOf(track);
  const [opening, last] = [parts[0], parts.at(-1)];
  const part = parts.find(({ until }) => until > seconds);
  if (!counting || value === undefined || !opening || !last || !part) return undefined;
  const rate = counting.scale / counting.frameTicks;
  const at = (is: TimecodePart, moment: number) =>
    frameAt({ ...track, counting }, is.edit.from + (moment - is.from) * track.timescale);
  const later = Math.max(part.from - seconds, 0);
  const [found, ending] = [at(part, seconds + later), at(last, last.until - TO_LAST_FRAME / rate)];
  if (found === undefined) return undefined;
  const shown = found - Math.round(later * rate);
  const ran = shown + (last.until - TO_LAST_FRAME / rate - seconds) * rate;
  return {
    ...{ first: textOf(value, counting), shown: textOf(shown, counting), rate },
    ...{ from: opening.from, until: last.until },
    jumps: ending !== undefined && Math.abs(ending - ran) > 1 + (ROUNDED * rate) / movieScale,
  };
}

/** A part of the film in which an edit list shows its track, in seconds. */
type TimecodePart = { readonly from: number; readonly until: number; readonly edit: TrackEdit };

function partsOf({ edits, movieScale }: TimecodeTrack): readonly TimecodePart[] {
  let begins = 0;
  return edits.flatMap((edit) => {
    const from = begins / movieScale;
    begins += edit.lasts;
    const isShown = edit.from >= 0 && (edit.rate ?? NORMAL) === NORMAL && edit.lasts > 0;
    return isShown ? [{ from, until: begins / movieScale, edit }] : [];
  });
}

/** The last frame's middle, counted from its end. */
const TO_LAST_FRAME = 0.5;
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

function textOf(number: number, { drops, framesASecond }: Pick<TimecodeClock, 'drops' | 'framesASecond'>): string {
  const times = drops ? framesASecond / 30 : 0;
  const day = drops ? DAY_HOURS * 6 * OF_TEN_MINUTES * times : DAY_HOURS * 3600 * framesASecond;
  const frame = ((number % day) + day) % day;
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

/** Returns a time code so many frames later, or earlier; undefined where the text is none. `framesASecond` is a whole number. */
export function timecodeAfter(timecode: string, frames: number, framesASecond: number): string | undefined {
  const [, ...parts] = /^(\d\d):(\d\d):(\d\d)([:;.])(\d+)$/.exec(timecode) ?? [];
  const [hours, minutes, seconds, mark, frame] = parts;
  if (hours === undefined || framesASecond <= 0) return undefined;
  const drops = mark !== ':' && framesASecond % 30 === 0;
  const minute = Number(hours) * 60 + Number(minutes);
  const counted = (minute * 60 + Number(seconds)) * framesASecond + Number(frame);
  const left = drops ? DROPPED * (framesASecond / 30) * (minute - Math.floor(minute / 10)) : 0;
  return textOf(counted - left + frames, { drops, framesASecond });
}
