import type { Manifest } from '../core/manifest.ts';
import type { Clock } from '../core/ports/clock.ts';

export type Step = Exclude<keyof Manifest['timings'], 'total'>;

export type Stopwatch = {
  /** Adds the wall clock of the work to its step. */
  time<T>(step: Step, work: () => Promise<T>): Promise<T>;
  timings(): Manifest['timings'];
};

/** Seconds by step; the total runs from the start. */
export function stopwatch(clock: Clock): Stopwatch {
  const started = clock.now();
  const spent: Record<Step, number> = { hash: 0, probe: 0, index: 0, encode: 0, join: 0, verify: 0, publish: 0 };
  return {
    async time(step, work) {
      const begun = clock.now();
      try {
        return await work();
      } finally {
        spent[step] += (clock.now() - begun) / 1000;
      }
    },
    timings: () => ({ total: (clock.now() - started) / 1000, ...spent }),
  };
}
