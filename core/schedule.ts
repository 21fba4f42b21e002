import { usage } from './errors.ts';

/** The hours of the day in which work is done, by the local clock: `[from, to)` in minutes; it may go over midnight. */
export type Schedule = { readonly text: string; readonly fromMinute: number; readonly toMinute: number };

const DAY = 24 * 60;

/** Reads `22:00-07:00`. Throws `usage` for anything else, and for hours that are none. */
export function scheduleOf(text: string): Schedule {
  const [, from = '', to = ''] = /^(\d{1,2}:\d\d)-(\d{1,2}:\d\d)$/.exec(text.trim()) ?? [];
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  const isSchedule = fromMinute < DAY && toMinute <= DAY && fromMinute !== toMinute;
  if (!isSchedule) throw usage(`--schedule ${text} does not name hours; write them as 22:00-07:00, or as 9:00-24:00`);
  return { text, fromMinute, toMinute };
}

/** Returns NaN for what is no time of day. */
function minuteOf(time: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = time
    .split(':')
    .map((part) => (part === '' ? Number.NaN : Number(part)));
  return minutes < 60 ? hours * 60 + minutes : Number.NaN;
}

/** Whether a minute of the day is among the hours of work. */
export const isWithin = ({ fromMinute, toMinute }: Schedule, minute: number): boolean =>
  fromMinute < toMinute ? fromMinute <= minute && minute < toMinute : minute >= fromMinute || minute < toMinute;

/** A minute of the day as people write it, 22:00. */
export const timeOfDay = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
