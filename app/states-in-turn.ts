import type { JobState } from '../core/job/job.ts';
import type { Tracking } from './tracking.ts';

type StateTurn = {
  record(state: JobState): Promise<void>;
  /** Its work is done: what the next one came to so far is recorded now. */
  end(): Promise<void>;
  /** Whether something before it is not done. */
  isBehind(): boolean;
};

/**
 * The job table tells of the first piece of work that is not done, also where others are at it beside that one: the states
 * come as if all were done one after the other, and never go back and forth between two.
 */
export function statesInTurn(count: number, record: Tracking['record']): readonly StateTurn[] {
  const latest = new Map<number, JobState>();
  const ended = new Set<number>();
  let turn = 0;
  let written: Promise<unknown> = Promise.resolve();
  const write = (state: JobState) => {
    const writing = written.then(() => record(state));
    written = writing.catch(() => {}); // whoever recorded it is told
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
