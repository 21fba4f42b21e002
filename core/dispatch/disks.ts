import { usage } from '../errors.ts';
import type { Compute } from '../job/needs.ts';

/** A disk that a container can be given. A volume belongs to a machine of EC2 that the container has for itself. */
export type Disk = { readonly gib: number; readonly isVolume: boolean };

/** The disks of a stack for each kind of machine, the smallest first. A disk is named by its place in the list. */
export type Disks = { readonly [C in Compute]: readonly Disk[] };

/** A disk with its place in its list. */
export type DiskChoice = Disk & { readonly at: number };

/** A machine with a graphics card has this volume, and a container of Fargate that runs a network this disk. */
const OF_NETWORKS: readonly Disk[] = [{ gib: 200, isVolume: false }];

/** The disks that the job definitions of a stack have, where it has the machines with volumes too. */
export const STACK_DISKS: Disks = disksFrom('21 50 100 200 / 500 2048');

/** Reads what a stack tells its programs: the disks of Fargate and, behind a slash, the volumes of EC2, all in GiB. */
export function disksFrom(text: string): Disks {
  const [onFargate = '', onVolumes = '', ...more] = text.split('/');
  const read = (list: string, isVolume: boolean) =>
    list
      .split(' ')
      .filter(Boolean)
      .map((gib): Disk => ({ gib: Number(gib), isVolume }));
  const cpu = [...read(onFargate, false), ...read(onVolumes, true)];
  const isAscending = cpu.every(({ gib }, i) => gib > (cpu[i - 1]?.gib ?? 0));
  if (more.length > 0 || cpu.length === 0 || cpu[0]?.isVolume || !isAscending)
    throw usage(`the disks of the stack must be like "21 50 100 200 / 500 2048", and are "${text}"`);
  return { cpu, 'upscale-on-cpu': OF_NETWORKS, gpu: OF_NETWORKS };
}

const GIB = 2 ** 30;
/** A tenth for what is only estimated, and room for the image, logs and pictures. */
const MORE = 1.1;
const BESIDES_GIB = 2;
/** The image that runs networks has some GB of its own, and caches compiled networks. */
const BESIDES_NETWORK_GIB = 16;

/** Returns how large a disk has to be that these bytes come to lie on, with the margin. */
const neededGib = (bytes: number, compute: Compute): number =>
  (bytes * MORE) / GIB + (compute === 'cpu' ? BESIDES_GIB : BESIDES_NETWORK_GIB);

/**
 * Returns the smallest disk for so many bytes, or one that is `larger` classes larger, after a disk was full. If there is none
 * that is large enough, the largest.
 */
export function diskFor(bytes: number, compute: Compute, { disks, larger }: DiskAsk): DiskChoice {
  const all = disks[compute];
  const fits = all.findIndex(({ gib }) => gib >= neededGib(bytes, compute));
  const at = Math.min((fits < 0 ? all.length : fits) + larger, all.length - 1);
  return { ...(all[at] ?? { gib: 0, isVolume: false }), at };
}

export type DiskAsk = { readonly disks: Disks; readonly larger: number };

/** Returns why no container of a stack has a disk for so many bytes; undefined if one has. */
export function refusedForDisk(bytes: number, compute: Compute, disks: Disks): string | undefined {
  const needed = neededGib(bytes, compute);
  const largest = disks[compute].at(-1)?.gib ?? 0;
  if (needed <= largest) return undefined;
  return `making this film takes a disk of about ${gibText(needed)} GiB, and the largest that this stack has for it is ${gibText(largest)} GiB; drop a smaller or a shorter film, ask for fewer or smaller results, or have it made on a machine of your own (reelmill run)`;
}

/** Whole GiB, rounded up; less than one only where the disks of a test are that small. */
const gibText = (gib: number): string => (gib >= 1 ? `${Math.ceil(gib)}` : gib.toFixed(4));
