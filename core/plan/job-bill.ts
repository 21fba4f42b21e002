import type { TaskSize } from '../dispatch/route.ts';
import type { AwsPrices, PriceName } from '../storage/list-prices.ts';

type Market = 'spot' | 'on-demand';

/** The work of a job, from which its bill follows. */
export type BilledWork = {
  readonly way: 'single' | 'workflow';
  readonly isOnCard: boolean;
  /** The processors of containers on Fargate; a machine with a graphics card has a processor of its own. */
  readonly architecture: 'x86' | 'arm';
  readonly size: TaskSize;
  /** The containers that encode; a workflow has one more to plan, and one to join and to verify. */
  readonly tasks: number;
  /** How long one vCPU encodes, or the whole machine where a graphics card does the work. */
  readonly encodeSeconds: number;
  /** How long one vCPU decodes everything again and measures it. */
  readonly verifySeconds: number;
  readonly diskGib: number;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  readonly pieces: number;
};

/** One line of the bill. */
type BillLine = { readonly what: string; readonly usd: number };

/** What a job costs in one market, whole. */
export type JobBill = {
  readonly lines: readonly BillLine[];
  readonly usd: number;
  /** The hours of all machines together. */
  readonly machineHours: number;
};

/**
 * Assumed: how long a container is paid for before it works (from the start of the download of its image; on a machine with
 * a graphics card from its start), how long Batch keeps such a machine after its last job, and what the network carries.
 */
export const BILL_ASSUMED = {
  containerStartSeconds: 60,
  machineStartSeconds: 240,
  machineKeptSeconds: 300,
  networkBytesASecond: 125e6,
  lambdaSeconds: 1,
  /** The disk of a container in every stage (taskDiskGiB). */
  diskGib: 100,
} as const;

const FARGATE = {
  x86: {
    spot: { vcpuHour: 'fargateSpotX86VcpuHour', gibHour: 'fargateSpotX86GibHour' },
    'on-demand': { vcpuHour: 'fargateX86VcpuHour', gibHour: 'fargateX86GibHour' },
  },
  arm: {
    spot: { vcpuHour: 'fargateSpotArmVcpuHour', gibHour: 'fargateSpotArmGibHour' },
    'on-demand': { vcpuHour: 'fargateArmVcpuHour', gibHour: 'fargateArmGibHour' },
  },
} as const;
const GPU_MACHINE = { hour: 'g4dn.xlarge', spotHour: 'g4dn.xlarge spot', volumeGb: 200 } as const;
/** Fargate's disk has this many GB in its price. */
const FREE_DISK_GB = 20;
const HOURS_A_MONTH = 730;
/** What one job calls, counted in the code: on-drop, on-job-change, their notices (the table's writes: docs/scale.md). */
const CALLS = { lambdas: 2, lambdaGb: 0.25, tableWrites: 5, queueRequests: 3, transitions: 10, ownFiles: 6 };

/** Returns the whole bill of a job: machines with all that is paid for beside them, and the services around them. */
export function jobBill(work: BilledWork, market: Market, prices: AwsPrices): JobBill {
  const seconds = paidSeconds(work);
  const hours = seconds / 3600;
  const machines = work.isOnCard ? cardLines(hours, market, prices) : fargateLines(work, hours, market, prices);
  const lines = [...machines, ...serviceLines(work, prices)].filter(({ usd }) => usd > 0);
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0), machineHours: hours };
}

/**
 * Returns the seconds that all containers are paid for together: the start, the source fetched by each, the work, and the
 * results carried: as pieces to the cache, from there to the container that joins them, and as a file to its place.
 */
export function paidSeconds(work: BilledWork): number {
  const { way, isOnCard, size, tasks, sourceBytes, resultBytes } = work;
  const { containerStartSeconds, machineStartSeconds, machineKeptSeconds, networkBytesASecond } = BILL_ASSUMED;
  const containers = way === 'single' ? 1 : tasks + 2;
  const start = isOnCard ? machineStartSeconds : containerStartSeconds;
  const kept = isOnCard ? machineKeptSeconds : 0;
  const carried = containers * sourceBytes + (way === 'single' ? 2 : 3) * resultBytes;
  const encoding = isOnCard ? work.encodeSeconds : work.encodeSeconds / size.vcpu;
  const working = encoding + work.verifySeconds / size.vcpu;
  return containers * start + kept + carried / networkBytesASecond + working;
}

function fargateLines(
  { size, diskGib, architecture }: BilledWork,
  hours: number,
  market: Market,
  prices: AwsPrices,
): BillLine[] {
  const { vcpuHour, gibHour } = FARGATE[architecture][market];
  const [vcpu, gib] = [prices.usd(vcpuHour), prices.usd(gibHour)];
  const disk = Math.max(0, diskGib - FREE_DISK_GB);
  return [
    { what: 'processors', usd: hours * size.vcpu * vcpu },
    { what: 'memory', usd: hours * (size.memoryMiB / 1024) * gib },
    { what: 'disk', usd: hours * disk * prices.usd('fargateDiskGbHour') },
    { what: 'public address', usd: hours * prices.usd('publicAddressHour') },
  ];
}

function cardLines(hours: number, market: Market, prices: AwsPrices): BillLine[] {
  const hour: PriceName = market === 'spot' ? GPU_MACHINE.spotHour : GPU_MACHINE.hour;
  return [
    { what: `machine (${GPU_MACHINE.hour})`, usd: hours * prices.usd(hour) },
    { what: 'disk', usd: (hours * GPU_MACHINE.volumeGb * prices.usd('gp3GbMonth')) / HOURS_A_MONTH },
    { what: 'public address', usd: hours * prices.usd('publicAddressHour') },
  ];
}

function serviceLines({ way, tasks, pieces }: BilledWork, prices: AwsPrices): BillLine[] {
  const { lambdas, lambdaGb, tableWrites, queueRequests, transitions, ownFiles } = CALLS;
  const containers = way === 'single' ? 1 : tasks + 2;
  const lambdaSecond = lambdaGb * BILL_ASSUMED.lambdaSeconds * prices.usd('lambdaGbSecondArm');
  return [
    {
      what: 'requests to S3',
      usd: (pieces + ownFiles) * prices.usd('s3Put') + (pieces + containers) * prices.usd('s3Get'),
    },
    { what: 'functions', usd: lambdas * (prices.usd('lambdaRequest') + lambdaSecond) },
    { what: 'job table', usd: tableWrites * (prices.usd('dynamoWrite') + prices.usd('dynamoRead')) },
    { what: 'queue', usd: queueRequests * prices.usd('sqsRequest') },
    { what: 'workflow', usd: way === 'single' ? 0 : transitions * prices.usd('stateTransition') },
  ];
}
