import { presentationTimes } from '../film/frame-index.ts';
import { isMatroska } from '../film/probe.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { type Clocks, clocks, ticksOfMicroseconds } from '../ticks.ts';
import { toNumber } from '../units.ts';
import type { Evidence } from './evidence.ts';

const LONGEST_DELAY_SECONDS = 0.1;
/** ffmpeg takes a film's start in microseconds, and ffprobe rounds each file's start to microseconds. */
const ROUNDED_SECONDS = 2e-6;

/**
 * Returns the time from which the output's survey counts, in seconds: the start of the file's first stream. A negative start
 * in Matroska is only the delay that Opus skips, and counts as 0.
 */
export const outputStartSeconds = ({ probe }: Evidence['output']): number =>
  isMatroska(probe) ? Math.max(0, probe.startSeconds) : probe.startSeconds;

/**
 * Checks that the film begins at its time to within half a tick of the container's clock, and that each later frame is at its
 * time in whole ticks: exactly where that clock has the source's ticks, else to within half a tick.
 */
export function frameTimes({ output, seconds, ticks, moved }: Evidence): Check {
  const { index } = output.survey;
  const times = presentationTimes(index);
  const tick = toNumber(index.timeBase);
  const clock = clocks(index.timeBase, ticks.timeBase);
  const spread = spreadOf(times, ticks.times, clock);
  const isExact = clock.parts === 1;
  // Matroska has no time before 0: sound with an encoder delay shifts the whole film by that delay
  const late = firstOf(output, tick, times) - (seconds.at(0) ?? 0);
  const shift = isMatroska(output.probe) && late > 0 && late < LONGEST_DELAY_SECONDS ? late : 0;
  const begins = Math.abs(late - shift);
  const passed =
    times.length === seconds.length && spread <= (isExact ? 0 : clock.parts) && begins <= tick / 2 + ROUNDED_SECONDS;
  // sound that players skip before 0 makes nothing later
  const later = shift > 0 ? shift + Math.min(0, output.probe.startSeconds) : 0;
  const delay = later > tick / 2 ? `, all ${(later * 1000).toFixed(0)} ms later by the sound's encoder delay` : '';
  const worst = isExact ? `${spread} ticks apart at most` : `${(spread / clock.parts).toFixed(2)} ticks apart at most`;
  const off = `${worst}, the first ${milliseconds(begins)} off; a tick is ${milliseconds(tick)}`;
  const apart = moved ? `; ${moved.pictures} of them behind another one that has their time in the source` : '';
  return check(
    'every frame at its time',
    passed,
    `${times.length} frames of ${seconds.length}, ${off}${delay}${apart}`,
  );
}

const milliseconds = (seconds: number) => `${Number((seconds * 1000).toPrecision(4))} ms`;

/** Returns the time of the first frame, corrected by the part of a tick by which the survey rounded the file's start. */
function firstOf(output: Evidence['output'], tick: number, times: Float64Array): number {
  const { startSeconds } = output.probe;
  const rounded = ticksOfMicroseconds(Math.round(startSeconds * 1e6), output.survey.index.timeBase) * tick;
  return outputStartSeconds(output) + (times[0] ?? 0) * tick + (rounded - startSeconds);
}

/** Returns the difference between the earliest and the latest frame against their planned times, in parts of a tick. */
function spreadOf(is: Float64Array, wanted: Evidence['ticks']['times'], { off, parts }: Clocks): number {
  const [first, origin] = [is[0] ?? 0, wanted.at(0) ?? 0];
  let [least, most] = [0, 0];
  let pushed = 0; // MP4 moves pictures with one time apart, the second to the next tick at most, the third to the one after
  for (let i = 0; i < Math.min(is.length, wanted.length); i++) {
    const time = wanted.at(i) ?? 0;
    const gap = i === 0 ? parts : -off(0, time - (wanted.at(i - 1) ?? 0));
    pushed = Math.max(0, pushed + parts - gap);
    const late = off((is[i] ?? 0) - first, time - origin);
    const nearest = late - Math.min(Math.max(0, late), pushed);
    least = Math.min(least, nearest);
    most = Math.max(most, nearest);
  }
  return most - least;
}
