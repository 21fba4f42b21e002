import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../adapters/shared/system-clock.ts';
import type { JobId } from '../core/job/job.ts';
import { writeFailure } from '../core/system-failure.ts';

/** What processes tell each other of jobs that are to end. */
export type CancelMarks = {
  /** Tells whoever works on a job to end that. */
  put(job: JobId): Promise<void>;
  /**
   * Calls `onCancel` once a mark is there that was put after `sinceMs`, until the signal aborts. An older mark was meant for work
   * that has ended, and is removed.
   */
  watch(job: JobId, sinceMs: number, options: { readonly signal: AbortSignal; onCancel(): void }): void;
};

/** Holds a file for each job that was to end. */
const FOLDER = 'cancel';

/** How often a process looks for a mark while it works on a job. */
const LOOK_MS = 500;

/** The marks in a work folder. */
export function cancelMarks(work: string): CancelMarks {
  const markOf = (job: JobId) => join(work, FOLDER, job);
  return {
    async put(job) {
      try {
        await mkdir(join(work, FOLDER), { recursive: true });
        await writeFile(markOf(job), `${systemClock.now()}\n`);
      } catch (error) {
        throw writeFailure(error, markOf(job));
      }
    },
    watch(job, sinceMs, { signal, onCancel }) {
      const look = async () => {
        const text = await readFile(markOf(job), 'utf8').catch(() => '');
        if (signal.aborted || !/^\d+\n$/.test(text)) return; // none, or one that is being written
        if (Number(text) > sinceMs) onCancel();
        else await rm(markOf(job), { force: true }).catch(() => {}); // it stays without meaning
      };
      const timer = setInterval(() => void look(), LOOK_MS).unref();
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
      void look();
    },
  };
}
