import process from 'node:process';
import { guardedIds } from './watchdog.ts';

let release: (() => void) | undefined;
let resumed: Promise<void> = Promise.resolve();

/**
 * Stops all programs that run, where the system can stop programs (Windows can't), and lets none begin until `resumePrograms`
 * is called. It holds for this whole process.
 */
export function pausePrograms(): void {
  if (release) return;
  resumed = new Promise((resolve) => {
    release = resolve;
  });
  signalAll('SIGSTOP');
}

/** Lets all programs go on, and those begin that wait. */
export function resumePrograms(): void {
  signalAll('SIGCONT');
  release?.();
  release = undefined;
}

/** Resolves when programs may begin. */
export const mayBegin = (): Promise<void> => resumed;

function signalAll(signal: NodeJS.Signals): void {
  for (const id of guardedIds()) {
    try {
      process.kill(id, signal);
    } catch {} // it has just ended, or this system has no such signal
  }
}
