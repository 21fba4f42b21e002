import type { Manifest } from '../core/job/manifest.ts';
import type { Clock } from '../core/ports/clock.ts';

type TimedStep = Exclude<keyof Manifest['timings'], 'total'>;

export type Stopwatch = {
  /** Runs the work, and counts its wall-clock time for the step. */
  time<T>(step: TimedStep, work: () => Promise<T>): Promise<T>;
  /** Returns the time in which at least one of these steps was running, without work that has not ended. */
  seconds(...steps: readonly TimedStep[]): number;
  /** Returns the time of each step; overlapping work of one step counts once. The total runs from the start. */
  timings(): Manifest['timings'];
};

type Span = { readonly step: TimedStep; readonly begun: number; readonly ended: number };

/** Returns a stopwatch that runs from now on. */
export function stopwatch(clock: Clock): Stopwatch {
  const started = clock.elapsed();
  const spans: Span[] = [];
  const seconds = (...steps: readonly TimedStep[]) => covered(spans.filter(({ step }) => steps.includes(step))) / 1000;
  return {
    async time(step, work) {
      const begun = clock.elapsed();
      try {
        return await work();
      } finally {
        spans.push({ step, begun, ended: clock.elapsed() });
      }
    },
    seconds,
    timings: () => ({
      total: (clock.elapsed() - started) / 1000,
      hash: seconds('hash'),
      probe: seconds('probe'),
      index: seconds('index'),
      encode: seconds('encode'),
      join: seconds('join'),
      verify: seconds('verify'),
      publish: seconds('publish'),
    }),
  };
}

/** Returns the length of the union of the spans. */
function covered(spans: readonly Span[]): number {
  let until = 0;
  let sum = 0;
  for (const { begun, ended } of spans.toSorted((a, b) => a.begun - b.begun)) {
    sum += Math.max(0, ended - Math.max(begun, until));
    until = Math.max(until, ended);
  }
  return sum;
}
