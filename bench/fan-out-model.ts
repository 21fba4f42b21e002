import { evenShareOf, type TaskShare } from '../core/dispatch/fan-out.ts';

/** One film's work, in seconds on one task. */
export type Film = {
  /** What each segment takes to encode. */
  readonly segments: readonly number[];
  /** From a task's first instruction to its first frame: the source fetched and its packets read. */
  readonly readSeconds: number;
  /** What the last task does besides: fetch the pieces, join them, check the whole. */
  readonly joinSeconds: number;
};

export type Conditions = {
  /** How long a machine may take to start: anything between, equally likely. */
  readonly startSeconds: { readonly least: number; readonly most: number };
  /** How many of the tasks lose their machine in an hour. */
  readonly reclaimsAnHour: number;
};

export type Outcome = {
  /** From the array's submission until its last task ends. */
  readonly arraySeconds: number;
  /** Plan, array and join, one after the other. */
  readonly wallSeconds: number;
  /** What is paid for: all tasks, from the first instruction to the last. */
  readonly taskSeconds: number;
  /** Encoding that a reclaim threw away. */
  readonly lostSeconds: number;
  readonly reclaims: number;
};

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The workflow once: plan, an array of so many tasks that share the segments as tasks/encode does, join. */
export function simulate(film: Film, tasks: number, conditions: Conditions, random: () => number): Outcome {
  const plan = runTask([], { ...conditions, film }, random);
  const shares = Array.from({ length: tasks }, (_, index): TaskShare => ({ index, of: tasks }));
  const array = shares.map((share) =>
    runTask(
      evenShareOf(film.segments, (seconds) => seconds, share),
      { ...conditions, film },
      random,
    ),
  );
  const join = runTask([film.joinSeconds], { ...conditions, film }, random);
  const all = [plan, ...array, join];
  const sum = (of: (task: Task) => number) => all.reduce((total, task) => total + of(task), 0);
  const arraySeconds = Math.max(...array.map(({ ends }) => ends));
  return {
    arraySeconds,
    wallSeconds: plan.ends + arraySeconds + join.ends,
    taskSeconds: sum(({ paid }) => paid),
    lostSeconds: sum(({ lost }) => lost),
    reclaims: sum(({ reclaims }) => reclaims),
  };
}

type Task = { readonly ends: number; readonly paid: number; readonly lost: number; readonly reclaims: number };

/**
 * One task and its repetitions: a machine starts, reads, and does piece after piece until all are done or it is taken
 * away. Whole pieces stay; the piece in work is lost, and the next machine begins by starting and reading again.
 */
function runTask(
  pieces: readonly number[],
  { film, startSeconds, reclaimsAnHour }: Conditions & { readonly film: Film },
  random: () => number,
): Task {
  const task = { ends: 0, paid: 0, lost: 0, reclaims: 0 };
  for (let done = 0; ; task.reclaims++) {
    task.ends += startSeconds.least + random() * (startSeconds.most - startSeconds.least);
    const lives = reclaimsAnHour > 0 ? (-Math.log(1 - random()) * 3600) / reclaimsAnHour : Number.POSITIVE_INFINITY;
    let at = film.readSeconds;
    while (done < pieces.length && at + (pieces[done] ?? 0) <= lives) at += pieces[done++] ?? 0;
    const isDone = done === pieces.length && at <= lives;
    task.ends += isDone ? at : lives;
    task.paid += isDone ? at : lives;
    if (isDone) return task;
    task.lost += Math.max(0, lives - at);
  }
}
