import type { Manifest } from '../core/job/manifest.ts';
import type { Clock } from '../core/ports/clock.ts';

type TimedStep = Exclude<keyof Manifest['timings'], 'total'>;

export type Stopwatch = {
  /** Counts the wall clock of the work as its step's. */
  time<T>(step: TimedStep, work: () => Promise<T>): Promise<T>;
  /** In which at least one of these was going on. What has not ended does not count. */
  seconds(...steps: readonly TimedStep[]): number;
  /** By step, as `seconds` has it: a step at which two were at once does not count twice. The total runs from the start. */
  timings(): Manifest['timings'];
};

type Span = { readonly step: TimedStep; readonly begun: number; readonly ended: number };

export function stopwatch(clock: Clock): Stopwatch {
  const started = clock.now();
  const spans: Span[] = [];
  const seconds = (...steps: readonly TimedStep[]) => covered(spans.filter(({ step }) => steps.includes(step))) / 1000;
  return {
    async time(step, work) {
      const begun = clock.now();
      try {
        return await work();
      } finally {
        spans.push({ step, begun, ended: clock.now() });
      }
    },
    seconds,
    timings: () => ({
      total: (clock.now() - started) / 1000,
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

/** The length of the time that the spans cover together. */
function covered(spans: readonly Span[]): number {
  let until = 0;
  let sum = 0;
  for (const { begun, ended } of spans.toSorted((a, b) => a.begun - b.begun)) {
    sum += Math.max(0, ended - Math.max(begun, until));
    until = Math.max(until, ended);
  }
  return sum;
}
