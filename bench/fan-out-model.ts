import { evenShareOf, type TaskShare } from '../core/dispatch/fan-out.ts';

/** The work on one film, in seconds on one task. */
export type FilmWork = {
  /** The seconds that each segment takes to encode. */
  readonly segments: readonly number[];
  /** The seconds in which plan and join fetch the whole source and read its packets. */
  readonly readSeconds: number;
  /** The seconds in which a task fetches its part of the source, by its share of the film's encoding. */
  partSeconds(share: number): number;
  /** The seconds for which the last task fetches the pieces, joins them and checks the whole. */
  readonly joinSeconds: number;
};

export type Conditions = {
  /** The least and the most time until a machine starts; all times between are equally likely. */
  readonly startSeconds: { readonly least: number; readonly most: number };
  /** The share of tasks that lose their machine in an hour. */
  readonly reclaimsAnHour: number;
};

export type SimulatedFilm = {
  /** Seconds from the submission of the array until its last task ends. */
  readonly arraySeconds: number;
  /** Seconds for plan, array and join, one after the other. */
  readonly wallSeconds: number;
  /** Seconds that are paid for: of all tasks, from the first instruction to the last. */
  readonly taskSeconds: number;
  /** Seconds of encoding that were lost to reclaims. */
  readonly lostSeconds: number;
  readonly reclaims: number;
};

/** Returns a generator of numbers in [0, 1) that gives the same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Simulates the workflow once: plan, an array of tasks that share the segments as `encodeShare` (app/share/encode-share.ts)
 * does, join.
 */
export function simulate(film: FilmWork, tasks: number, conditions: Conditions, random: () => number): SimulatedFilm {
  const { readSeconds } = film;
  const plan = runTask([], { ...conditions, readSeconds }, random);
  const shares = Array.from({ length: tasks }, (_, index): TaskShare => ({ index, of: tasks }));
  const total = secondsIn(film.segments);
  const array = shares.map((share) => {
    const pieces = evenShareOf(film.segments, (seconds) => seconds, share);
    return runTask(pieces, { ...conditions, readSeconds: film.partSeconds(secondsIn(pieces) / total) }, random);
  });
  const join = runTask([film.joinSeconds], { ...conditions, readSeconds }, random);
  const all = [plan, ...array, join];
  const sum = (of: (task: TaskTimes) => number) => all.reduce((total, task) => total + of(task), 0);
  const arraySeconds = Math.max(...array.map(({ ends }) => ends));
  return {
    arraySeconds,
    wallSeconds: plan.ends + arraySeconds + join.ends,
    taskSeconds: sum(({ paid }) => paid),
    lostSeconds: sum(({ lost }) => lost),
    reclaims: sum(({ reclaims }) => reclaims),
  };
}

const secondsIn = (pieces: readonly number[]): number => pieces.reduce((sum, each) => sum + each, 0);

type TaskTimes = { readonly ends: number; readonly paid: number; readonly lost: number; readonly reclaims: number };

/**
 * Simulates one task and its repetitions: a machine starts, reads, and encodes piece after piece until all are done or
 * it is taken away. Finished pieces stay; the current piece is lost, and the next machine begins by starting and
 * reading again.
 */
function runTask(
  pieces: readonly number[],
  { readSeconds, startSeconds, reclaimsAnHour }: Conditions & Pick<FilmWork, 'readSeconds'>,
  random: () => number,
): TaskTimes {
  const task = { ends: 0, paid: 0, lost: 0, reclaims: 0 };
  for (let done = 0; ; task.reclaims++) {
    task.ends += startSeconds.least + random() * (startSeconds.most - startSeconds.least);
    const reclaimedAt =
      reclaimsAnHour > 0 ? (-Math.log(1 - random()) * 3600) / reclaimsAnHour : Number.POSITIVE_INFINITY;
    let at = readSeconds;
    while (done < pieces.length && at + (pieces[done] ?? 0) <= reclaimedAt) at += pieces[done++] ?? 0;
    const isDone = done === pieces.length && at <= reclaimedAt;
    task.ends += isDone ? at : reclaimedAt;
    task.paid += isDone ? at : reclaimedAt;
    if (isDone) return task;
    task.lost += Math.max(0, reclaimedAt - at);
  }
}
