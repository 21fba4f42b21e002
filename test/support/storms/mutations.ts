import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MUTATIONS, type Mutation, mutated } from './mutated.ts';
import { type Original, originals } from './originals.ts';
import type { Planner } from './planner.ts';
import { stormRecord } from './record.ts';
import { decodedBare, triedToPlan, triedWhole, type Verdict } from './tried.ts';

/** What became of one damaged file. */
export type Trial = Verdict & {
  readonly seed: number;
  readonly way: Way;
  readonly original: string;
  readonly mutation: Mutation;
  /** The exit code of ffmpeg for the same file. */
  readonly bare: number | null;
};

/** How far a damaged file is taken: through the plan alone, or all the way. */
export type Way = 'plan' | 'whole';

/** A file may take this much longer than bare ffmpeg takes to decode it. */
const LEAST_SECONDS = 120;
const TIMES = 60;

type Storm = {
  readonly way: Way;
  readonly count: number;
  /** Plans in the place of the command, which starts anew for each file. */
  readonly planner?: Planner;
  readonly said?: (trial: Trial) => void;
};

/**
 * Takes so many damaged files through the built command, those of seeds 0 to `count` - 1, and returns what became of each.
 * Trials of an earlier run in the same folder are not made again: they are in its `mutations.jsonl`. A file that shows a
 * fault is kept in its `faults/`.
 */
export async function mutationStorm({ way, count, planner, said }: Storm, folder: string): Promise<readonly Trial[]> {
  await mkdir(folder, { recursive: true });
  const record = await stormRecord<Trial>(join(folder, 'mutations.jsonl'));
  const known = new Map(record.trials.filter((each) => each.way === way).map((each) => [each.seed, each]));
  const all = await originals(folder);
  const trials: Trial[] = [];
  for (let seed = 0; seed < count; seed++) {
    const before = known.get(seed);
    const trial = before ?? (await tried({ seed, way, planner, all, folder }));
    if (!before) await record.add(trial);
    said?.(trial);
    trials.push(trial);
  }
  return trials;
}

type Attempt = {
  readonly seed: number;
  readonly way: Way;
  readonly planner: Planner | undefined;
  readonly all: readonly Original[];
  readonly folder: string;
};

async function tried({ seed, way, planner, all, folder }: Attempt): Promise<Trial> {
  // every original meets every mutation
  const original = all[Math.floor(seed / MUTATIONS.length) % all.length];
  const other = all[(seed * 7 + 3) % all.length];
  if (!original || !other) throw new Error('there is no original to damage');
  const { mutation, bytes } = mutated(original.bytes, other.bytes, seed);
  const work = await mkdtemp(join(folder, 'mutant-'));
  try {
    const path = join(work, original.name);
    await writeFile(path, bytes);
    const { code: bare, seconds } = await decodedBare(path);
    const limit = LEAST_SECONDS + seconds * TIMES;
    const verdict = await (way === 'whole'
      ? triedWhole(path, join(work, 'out'), limit)
      : planner
        ? planner.plan(resolve(path), limit)
        : triedToPlan(path, limit));
    if (verdict.fault) await keep(bytes, join(folder, 'faults'), `${way}-${seed}-${original.name}`);
    return { seed, way, original: original.name, mutation, bare, ...verdict };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function keep(bytes: Buffer, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
}

/** One row for each mutation, for a table. */
export function rowsOf(trials: readonly Trial[]): readonly (readonly (string | number)[])[] {
  return MUTATIONS.map((mutation) => {
    const of = trials.filter((each) => each.mutation === mutation);
    const count = (test: (trial: Trial) => boolean) => of.filter(test).length;
    return [
      mutation,
      of.length,
      count(({ code }) => code === 0),
      count(({ code }) => code === 65),
      count(({ fault }) => fault !== undefined),
      count(({ bare }) => bare === 0),
      count(({ code, bare }) => code === 65 && bare === 0),
    ];
  });
}
