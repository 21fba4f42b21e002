import type { Disk } from '../dispatch/disks.ts';
import { MACHINE_SIZE, type TaskSize } from '../dispatch/route.ts';
import type { AwsPrices, PriceName } from '../storage/list-prices.ts';

type Market = 'spot' | 'on-demand';

type BilledStep = 'plan' | 'segment' | 'join';

/** The work of a job, from which its bill follows. */
export type BilledWork = {
  readonly way: 'single' | 'workflow';
  readonly isOnCard: boolean;
  /** The processors of containers on Fargate; a machine with a graphics card has a processor of its own. */
  readonly architecture: 'x86' | 'arm';
  readonly size: TaskSize;
  /** How many films share a container, and so its start; one if left out. */
  readonly films?: number;
  /** The containers that encode; a workflow has one more to plan, and one to join and to verify. */
  readonly tasks: number;
  /** How long one vCPU encodes, or the whole machine where a graphics card does the work. */
  readonly encodeSeconds: number;
  /** How long one vCPU decodes everything again and measures it. */
  readonly verifySeconds: number;
  /** The disk of each kind of container; a job of one container has only the last. */
  readonly disks: { readonly [K in BilledStep]: Disk };
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
  /** What tasks of segments fetch of the source together, at most, as a multiple of it, and the index that each of them reads (the rehearsal holds both). */
  segmentsFetch: 1.1,
  indexBytes: 8e6,
  lambdaSeconds: 1,
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
/** The bill counts the price of this machine; Spot chooses among several with volumes (resources/batch-large.cjs). */
const LARGE_MACHINE = { hour: 'm5a.4xlarge', spotHour: 'm5a.4xlarge spot' } as const;
const GPU_MACHINE = { hour: 'g4dn.xlarge', spotHour: 'g4dn.xlarge spot', volumeGb: 200 } as const;
/** Fargate's disk has this many GB in its price. */
const FREE_DISK_GB = 20;
const HOURS_A_MONTH = 730;
/** What one job calls, counted in the code: on-drop, on-job-change, their notices (the table's writes: docs/scale.md). */
const CALLS = { lambdas: 2, lambdaGb: 0.25, tableWrites: 5, queueRequests: 3, transitions: 10, ownFiles: 6 };

/** Returns the whole bill of a job: machines with all that is paid for beside them, and the services around them. */
export function jobBill(work: BilledWork, market: Market, prices: AwsPrices): JobBill {
  const hours = paidSeconds(work) / 3600;
  const machines = work.isOnCard ? cardLines(hours, market, prices) : containerLines(work, market, prices);
  const lines = [...machines, ...serviceLines(work, prices)].filter(({ usd }) => usd > 0);
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0), machineHours: hours };
}

/** Returns the seconds that all containers are paid for together. */
export const paidSeconds = (work: BilledWork): number =>
  Object.values(stepSeconds(work)).reduce((sum, seconds) => sum + seconds, 0);

/**
 * Returns the seconds that the containers of each kind are paid for: the start, what is fetched of the source (by tasks of segments only
 * what their segments are made of), the work, and the results carried: as pieces to the cache, from there to the container that joins them, and as a file to its place.
 */
function stepSeconds(work: BilledWork): Readonly<Record<BilledStep, number>> {
  const { way, isOnCard, size, tasks, sourceBytes, resultBytes } = work;
  const { containerStartSeconds, machineStartSeconds, machineKeptSeconds, networkBytesASecond } = BILL_ASSUMED;
  const start = (isOnCard ? machineStartSeconds : containerStartSeconds) / (work.films ?? 1);
  const kept = isOnCard ? machineKeptSeconds : 0;
  const [fetching, carrying] = [sourceBytes / networkBytesASecond, resultBytes / networkBytesASecond];
  const { segmentsFetch, indexBytes } = BILL_ASSUMED;
  const fetchingParts = Math.min(
    tasks * fetching,
    segmentsFetch * fetching + (tasks * indexBytes) / networkBytesASecond,
  );
  const cores = (step: BilledStep) => (work.disks[step].isVolume ? MACHINE_SIZE.vcpu : size.vcpu);
  const encoding = isOnCard ? work.encodeSeconds : work.encodeSeconds / cores(way === 'single' ? 'join' : 'segment');
  const join = start + kept + fetching + 2 * carrying + work.verifySeconds / cores('join');
  if (way === 'single') return { plan: 0, segment: 0, join: join + encoding };
  return { plan: start + fetching, segment: tasks * start + fetchingParts + encoding + carrying, join };
}

/** Containers of Fargate, and machines with volumes where a disk is larger than Fargate's. */
function containerLines(work: BilledWork, market: Market, prices: AwsPrices): BillLine[] {
  const { size, architecture, disks } = work;
  const { vcpuHour, gibHour } = FARGATE[architecture][market];
  const seconds = stepSeconds(work);
  const hoursOf = (of: (disk: Disk) => number) =>
    STEPS.reduce((sum, step) => sum + (of(disks[step]) * seconds[step]) / 3600, 0);
  const onFargate = hoursOf(({ isVolume }) => (isVolume ? 0 : 1));
  const onMachines = hoursOf(({ isVolume }) => (isVolume ? 1 : 0));
  const disk = hoursOf(({ isVolume, gib }) => (isVolume ? 0 : Math.max(0, gib - FREE_DISK_GB)));
  const volumes = hoursOf(({ isVolume, gib }) => (isVolume ? gib : 0));
  return [
    { what: 'processors', usd: onFargate * size.vcpu * prices.usd(vcpuHour) },
    { what: 'memory', usd: onFargate * (size.memoryMiB / 1024) * prices.usd(gibHour) },
    {
      what: `machine (${LARGE_MACHINE.hour})`,
      usd: onMachines * prices.usd(market === 'spot' ? LARGE_MACHINE.spotHour : LARGE_MACHINE.hour),
    },
    {
      what: 'disk',
      usd: disk * prices.usd('fargateDiskGbHour') + (volumes * prices.usd('gp3GbMonth')) / HOURS_A_MONTH,
    },
    { what: 'public address', usd: (onFargate + onMachines) * prices.usd('publicAddressHour') },
  ];
}

/** Returns the disks of a job whose containers all have this one. */
export const sameDisk = (disk: Disk): BilledWork['disks'] => ({ plan: disk, segment: disk, join: disk });

const STEPS: readonly BilledStep[] = ['plan', 'segment', 'join'];

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
