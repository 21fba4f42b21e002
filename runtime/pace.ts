import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemClock } from '../adapters/shared/system-clock.ts';
import { HIDDEN_FOLDER } from '../core/job/result-place.ts';
import type { Clock } from '../core/ports/clock.ts';
import { isWithin, type Schedule, timeOfDay } from '../core/schedule.ts';
import { writeFailure } from '../core/system-failure.ts';
import { pausePrograms, resumePrograms } from '../media/process/pause.ts';

/** Lies in a work folder as long as its jobs are to pause. */
const PAUSE_FILE = 'paused';

type Pace = {
  readonly work: string;
  /** The hours of work; all of the day if left out. */
  readonly schedule?: Schedule | undefined;
  readonly signal: AbortSignal;
  readonly clock?: Pick<Clock, 'now'>;
  report(message: string): void;
};

const LOOK_MS = 1000;

/**
 * Pauses the work of this process while somebody has paused its work folder, and outside of the hours of work. A job that is
 * stopped in the middle of its encode goes on from there. It ends with the process.
 */
export function keepPace({ work, schedule, signal, clock = systemClock, report }: Pace): void {
  let reason: string | undefined;
  const look = () => {
    const now = signal.aborted ? undefined : reasonToPause(work, schedule, clock.now());
    if (now === reason) return;
    if (now === undefined) resumePrograms();
    else pausePrograms();
    if (!signal.aborted) report(now ?? 'going on');
    // while everything is paused, nothing else may keep the process from ending
    if (now === undefined) timer.unref();
    else timer.ref();
    reason = now;
  };
  const timer = setInterval(look, LOOK_MS).unref();
  signal.addEventListener('abort', look, { once: true });
  look();
}

function reasonToPause(work: string, schedule: Schedule | undefined, nowMs: number): string | undefined {
  if (isPaused(work)) return `paused; ${resuming(work)} lets it go on`;
  if (schedule === undefined || isWithin(schedule, minuteOfDay(nowMs))) return undefined;
  return `pausing until ${timeOfDay(schedule.fromMinute)}: work is done at ${schedule.text}`;
}

/** Returns the command that lets a work folder go on: it names the folder of results where the work folder lies in it. */
export function resuming(work: string): string {
  const usual = `${sep}${join(HIDDEN_FOLDER, 'work')}`;
  const results = work.endsWith(usual) ? work.slice(0, -usual.length) : undefined;
  return results ? `reelmill resume ${JSON.stringify(results)}` : `reelmill resume --work ${JSON.stringify(work)}`;
}

/** Whether a work folder is paused. */
export const isPaused = (work: string): boolean => existsSync(pauseFile(work));

const pauseFile = (work: string): string => join(work, PAUSE_FILE);

/** Returns whether the work folder was not paused before. */
export async function pauseWork(work: string): Promise<boolean> {
  if (isPaused(work)) return false;
  await writeFile(pauseFile(work), '').catch((error: unknown) => {
    throw writeFailure(error, pauseFile(work));
  });
  return true;
}

/** Returns whether the work folder was paused. */
export async function letGoOn(work: string): Promise<boolean> {
  if (!isPaused(work)) return false;
  await rm(pauseFile(work), { force: true }).catch((error: unknown) => {
    throw writeFailure(error, pauseFile(work));
  });
  return true;
}

/** What the local clock says. */
function minuteOfDay(ms: number): number {
  const date = new Date(ms);
  return date.getHours() * 60 + date.getMinutes();
}
