import { type AwsPrices, listedPrices } from '../storage/list-prices.ts';
import { BILL_ASSUMED, type JobBill, jobBill } from './job-bill.ts';
import { costBasis, GIB_PER_VCPU } from './machine-cost.ts';

/** What a job was seen to take on the machine that did it. */
type DoneRun = {
  readonly cores: number;
  /** From its first step to its last, by the clock. */
  readonly seconds: number;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  /** The pieces that were encoded. */
  readonly pieces: number;
};

type RunBill = JobBill & { readonly vcpuHours: number; readonly basis: string };

/**
 * Returns the bill of a job that was done, by the same lines as that of a job that is planned: as if this machine had been one
 * container on Fargate Spot, with the start and the transfers that a container is paid for.
 */
export function runBill(run: DoneRun, prices: AwsPrices = listedPrices()): RunBill {
  const { cores, seconds, sourceBytes, resultBytes, pieces } = run;
  const bill = jobBill(
    {
      ...{ way: 'single', isOnCard: false, architecture: 'x86', tasks: 1, diskGib: BILL_ASSUMED.diskGib },
      ...{ sourceBytes, resultBytes, pieces, verifySeconds: 0 },
      size: { vcpu: cores, memoryMiB: cores * GIB_PER_VCPU * 1024 },
      encodeSeconds: seconds * cores,
    },
    'spot',
    prices,
  );
  const basis = `this machine's time, with a container's start, transfers, disk and address, as if on ${costBasis(prices)}`;
  return { ...bill, vcpuHours: bill.machineHours * cores, basis };
}
