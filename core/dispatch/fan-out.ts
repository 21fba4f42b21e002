import * as z from 'zod/mini';
import type { Preset } from '../settings/presets.ts';
import { type Route, sizeOn } from './route.ts';

/** What the workflow reads after its plan, all texts but the count: they go on into containers. */
export const fanOutSchema = z.object({ tasks: z.int(), vcpu: z.string(), memory: z.string() });
export type FanOut = Readonly<z.infer<typeof fanOutSchema>>;

export const fanOutKey = (job: string): string => `work/${job}/fan-out.json`;

/**
 * A task works at least this long, so that what it takes to start one stays below a quarter of it (bench/fan-out.ts).
 * More tasks than the queue has machines for would only wait.
 */
const SHORTEST_TASK_SECONDS = 300;
const MOST_TASKS = 200;

export type RemainingWork = {
  /** Pieces that are not there yet, and what they take one vCPU. */
  readonly pieces: number;
  readonly vcpuSeconds: number;
  /** Of the largest picture among them. */
  readonly pixels: number;
  readonly preset: Preset;
  readonly compute: Route['compute'];
};

/** How many tasks share the pieces that are left to encode; none where nothing is left. */
export function fanOut({ pieces, vcpuSeconds, pixels, preset, compute }: RemainingWork, larger: number): FanOut {
  const size = sizeOn(compute, pixels, preset, larger);
  const tasks = Math.ceil(vcpuSeconds / size.vcpu / SHORTEST_TASK_SECONDS);
  return { tasks: Math.min(pieces, MOST_TASKS, tasks), vcpu: `${size.vcpu}`, memory: `${size.memoryMiB}` };
}

/** Which part, of how many. */
export type TaskShare = { readonly index: number; readonly of: number };

/** Neighbouring parts, nearly equal in number: for what is decoded in one go from the start, where near is cheap. */
export const shareOf = <T>(list: readonly T[], { index, of }: TaskShare): readonly T[] =>
  list.slice(Math.floor((index * list.length) / of), Math.floor(((index + 1) * list.length) / of));

/**
 * Parts that take nearly equal time, in the list's order: the longest piece first, each to the task that has least to do.
 * The slowest task ends the array, and segments of 10-60 s dealt out by number leave it half as much again
 * (bench/fan-out.ts). Every task that is given the same list comes to the same parts.
 */
export function evenShareOf<T>(
  list: readonly T[],
  secondsOf: (piece: T) => number,
  { index, of }: TaskShare,
): readonly T[] {
  const seconds = list.map(secondsOf);
  const longestFirst = seconds.map((_, at) => at).sort((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0));
  const loads = Array.from({ length: of }, () => 0);
  const owner = new Map<number, number>();
  for (const at of longestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + (seconds[at] ?? 0);
    owner.set(at, least);
  }
  return list.filter((_, at) => owner.get(at) === index);
}
