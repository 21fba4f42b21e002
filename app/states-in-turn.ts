import type { JobState } from '../core/job/job.ts';
import type { Tracking } from './tracking.ts';

type StateTurn = {
  record(state: JobState): Promise<void>;
  /** Ends this piece of work; the latest state of the next one is then recorded. */
  end(): Promise<void>;
  /** Whether an earlier piece of work is unfinished. */
  isBehind(): boolean;
};

/**
 * Records in the job table the states of the first unfinished piece of work only. With several in progress, the states
 * appear as if all were done one after the other, and never alternate.
 */
export function statesInTurn(count: number, record: Tracking['record']): readonly StateTurn[] {
  const latest = new Map<number, JobState>();
  const ended = new Set<number>();
  let turn = 0;
  let written: Promise<unknown> = Promise.resolve();
  const write = (state: JobState) => {
    const writing = written.then(() => record(state));
    written = writing.catch(() => {}); // the caller that recorded the state gets the error
    return writing;
  };
  return Array.from({ length: count }, (_, own) => ({
    async record(state) {
      latest.set(own, state);
      if (own === turn) await write(state);
    },
    async end() {
      ended.add(own);
      if (own !== turn) return;
      while (ended.has(turn)) turn++;
      const state = latest.get(turn);
      if (state) await write(state);
    },
    isBehind: () => own > turn,
  }));
}
