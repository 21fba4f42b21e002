import type { Compute } from '../job/needs.ts';
import { type DiskAsk, type DiskChoice, diskFor, refusedForDisk } from './disks.ts';
import { type JobBytes, peakBytes } from './peak-disk.ts';

/** The disks of a workflow's containers. */
export type StepDisks = { readonly plan: DiskChoice; readonly segment: DiskChoice; readonly join: DiskChoice };

type StepWork = {
  readonly compute: Compute;
  readonly bytes: JobBytes;
  readonly tasks: number;
  /** Whether a task can make its segments from parts of the source. */
  readonly isFetchedInParts: boolean;
};

/** An index, and what is read before and behind each segment of a task whose share is small. */
const BESIDE_PARTS_BYTES = 64 * 2 ** 20;

/** Returns the disks of a workflow's containers. */
export function stepDisks(work: StepWork, ask: DiskAsk): StepDisks {
  const disk = (kind: 'plan' | 'segment' | 'join') => diskFor(peakOf(kind, work), work.compute, ask);
  return { plan: disk('plan'), segment: disk('segment'), join: disk('join') };
}

/** Returns why the stack has no disk for one of the containers; undefined if it has one for each. */
export const refusedForSteps = (work: StepWork, { disks }: DiskAsk): string | undefined =>
  refusedForDisk(Math.max(peakOf('segment', work), peakOf('join', work)), work.compute, disks);

/**
 * A share may be twice an even one, because a film has parts that need more bytes than others. Where no tasks were made before it, a
 * join does everything.
 */
const peakOf = (kind: 'plan' | 'segment' | 'join', { bytes, tasks, isFetchedInParts }: StepWork): number =>
  peakBytes(kind === 'join' && tasks === 0 ? 'whole' : kind, bytes, {
    tasks,
    fetched: isFetchedInParts ? (2 * bytes.source) / Math.max(1, tasks) + BESIDE_PARTS_BYTES : bytes.source,
  });
