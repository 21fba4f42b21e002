import { diskFor, STACK_DISKS } from '../dispatch/disks.ts';
import { peakBytes, UNDIVIDED, withCopies } from '../dispatch/peak-disk.ts';
import { listedPrices } from '../storage/list-prices.ts';
import { type JobBill, jobBill, sameDisk } from './job-bill.ts';
import { costBasis, GIB_PER_VCPU } from './machine-cost.ts';

/** What a job was seen to take on the machine that did it. */
type DoneRun = {
  readonly cores: number;
  /** From its first step to its last, by the clock. */
  readonly seconds: number;
  readonly sourceBytes: number;
  /** Whether the source is of a kind that may hold several recordings, for whose copies a container gets a larger disk. */
  readonly mayBeJoined?: true | undefined;
  readonly resultBytes: number;
  /** The pieces that were encoded. */
  readonly pieces: number;
  /** Where several films share a container: how many it has in all, and how many at the same time. */
  readonly sharing?: ContainerShare | undefined;
};

/** How many films a container works on, in all and at the same time. */
export type ContainerShare = { readonly films: number; readonly atOnce: number };
const ALONE: ContainerShare = { films: 1, atOnce: 1 };

type RunBill = JobBill & { readonly vcpuHours: number; readonly basis: string };

/**
 * Returns the bill of a job that was done, by the same lines as that of a job that is planned: as if this machine had been one
 * container on Fargate Spot, with the start and the transfers that a container is paid for.
 */
export function runBill(run: DoneRun): RunBill {
  const { cores, seconds, sourceBytes, mayBeJoined, resultBytes, pieces, sharing = ALONE } = run;
  const onDisk = withCopies({ bytes: sourceBytes, ...(mayBeJoined && { mayBeJoined }) });
  const bytes = { source: onDisk, results: resultBytes, largest: resultBytes };
  const disk = diskFor(peakBytes('whole', bytes, UNDIVIDED), 'cpu', { disks: STACK_DISKS, larger: 0 });
  const bill = jobBill(
    {
      ...{ way: 'single', isOnCard: false, architecture: 'x86', tasks: 1, disks: sameDisk(disk) },
      ...{ sourceBytes, resultBytes, pieces, verifySeconds: 0 },
      size: { vcpu: cores, memoryMiB: cores * GIB_PER_VCPU * 1024 },
      encodeSeconds: (seconds * cores) / sharing.atOnce,
      films: sharing.films,
    },
    'spot',
    listedPrices(),
  );
  const basis = `this machine's time, with a container's start, transfers, disk and address, as if on ${costBasis()}`;
  return { ...bill, vcpuHours: bill.machineHours * cores, basis };
}
