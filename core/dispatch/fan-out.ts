import * as z from 'zod/mini';
import type { Preset } from '../settings/presets.ts';
import type { DiskChoice } from './disks.ts';
import { type Route, sizeOn, sizeWith, type TaskSize } from './route.ts';
import type { StepDisks } from './step-disks.ts';

/** A container of the workflow. Sizes are texts, because the workflow passes them on; a disk is its place in the list of them. */
type StepSize = { readonly vcpu: string; readonly memory: string; readonly disk: number };

/** What the workflow reads after the plan step: the number and the size of the tasks that encode, and the size of the join. */
export type FanOut = StepSize & { readonly tasks: number; readonly join: StepSize };

/** What the tasks read of it. */
export const fanOutSchema = z.object({ tasks: z.int() });

/** Returns the key under which the plan step leaves what the workflow reads. */
export const fanOutKey = (job: string): string => `work/${job}/fan-out.json`;

/** The work of about one task, so that starting it takes less than a quarter of its time (bench/fan-out.ts). */
const SHORTEST_TASK_SECONDS = 300;
/** More tasks than the queue has machines for would only wait. */
const MOST_TASKS = 200;

type RemainingWork = {
  /** The number of pieces that are not encoded yet. */
  readonly pieces: number;
  /** The time that one vCPU would take for these pieces. */
  readonly vcpuSeconds: number;
  /** The pixels of the largest picture among the pieces. */
  readonly pixels: number;
  readonly preset: Preset;
  readonly compute: Route['compute'];
};

/** The number of the tasks that share the remaining pieces, 0 if no piece remains, and the size of each. */
type Sharing = { readonly tasks: number; readonly size: TaskSize };

/**
 * Returns how the remaining pieces are shared: among so many tasks that each works for about five minutes, at most 200, on machines that are `larger`
 * by so many steps.
 */
export function fanOut({ pieces, vcpuSeconds, pixels, preset, compute }: RemainingWork, larger: number): Sharing {
  const size = sizeOn(compute, pixels, preset, larger);
  const tasks = Math.ceil(vcpuSeconds / size.vcpu / SHORTEST_TASK_SECONDS);
  return { tasks: Math.min(pieces, MOST_TASKS, tasks), size };
}

/** Returns what the workflow reads, for the sizes of the tasks and of the join, and the disks of each. */
export const asFanOut = ({ tasks, size }: Sharing, join: TaskSize, disks: StepDisks): FanOut => ({
  tasks,
  ...stepSize(size, disks.segment),
  join: stepSize(join, disks.join),
});

function stepSize(own: TaskSize, disk: DiskChoice): StepSize {
  const { vcpu, memoryMiB } = sizeWith(disk, own);
  return { vcpu: `${vcpu}`, memory: `${memoryMiB}`, disk: disk.at };
}

/** One task's part of the work: its number from 0, and the number of tasks. */
export type TaskShare = { readonly index: number; readonly of: number };

/** Returns neighbouring elements of the list, nearly equally many for each task. It suits work that is decoded in sequence. */
export const shareOf = <T>(list: readonly T[], { index, of }: TaskShare): readonly T[] =>
  list.slice(Math.floor((index * list.length) / of), Math.floor(((index + 1) * list.length) / of));

/**
 * Returns one task's elements, in the list's order, so that all tasks take nearly equal time. Each piece, the longest first,
 * goes to the task with the least work. The slowest task determines when the array ends; segments of 10-60 s that are dealt
 * out by number take it half as long again (bench/fan-out.ts). Every task computes the same shares from the same list.
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
