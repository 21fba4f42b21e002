import { X265_MEGAPIXELS } from '../codecs/x265-speed.ts';
import type { SourceOutline } from '../film/source-outline.ts';
import type { Escalation } from '../job/job.ts';
import { type Compute, computeOf, type Needs } from '../job/needs.ts';
import type { Preset } from '../settings/presets.ts';
import { type Disk, type DiskChoice, type Disks, diskFor, STACK_DISKS } from './disks.ts';
import { framesOf, pixelsOf } from './film-figures.ts';
import { bytesFrom, peakBytes, UNDIVIDED } from './peak-disk.ts';

/** The processors and memory of one container. Fargate allows only certain pairs, which include all of SIZES. */
export type TaskSize = { readonly vcpu: number; readonly memoryMiB: number };

/** How a job is processed: by one container that does everything, or by the workflow plan -> segments -> join. */
export type Route = {
  readonly way: 'single' | 'workflow';
  readonly compute: Compute;
  readonly market: Escalation['market'];
  readonly size: TaskSize;
  /** The disk of the one container, or of the container that plans a workflow. */
  readonly disk: DiskChoice;
};

/** The escalation of a job that has not failed yet. */
export const NO_ESCALATION: Escalation = { larger: 0, market: 'spot' };

/**
 * A job that would take one container longer than this is divided among several. A Fargate task needs a minute or two to
 * start, and the workflow starts three in a row. Below half an hour this costs what the fan-out gains (bench/fan-out.ts).
 */
export const LONGEST_SINGLE_SECONDS = 30 * 60;

const LARGEST: TaskSize = { vcpu: 16, memoryMiB: 122880 };

/** From small to large. A job gets the first size whose memory suffices, and the next one after it ran out of memory. */
export const SIZES: readonly TaskSize[] = [
  { vcpu: 2, memoryMiB: 4096 },
  { vcpu: 4, memoryMiB: 8192 },
  { vcpu: 8, memoryMiB: 16384 },
  { vcpu: 8, memoryMiB: 32768 },
  { vcpu: 16, memoryMiB: 65536 },
  LARGEST,
];

/** A whole g4dn.xlarge less what its agent needs. It is the smallest GPU instance that the queue may start. */
const GPU_SIZE: TaskSize = { vcpu: 4, memoryMiB: 14336 };

/** A machine of 16 vCPU and 64 GiB (resources/batch-large.yml) less what its agent needs, so that each has one job. */
export const MACHINE_SIZE: TaskSize = { vcpu: 16, memoryMiB: 57344 };

/**
 * x265 3.5 (frame-threads=3, 8 bits, preset slow) was measured with a peak resident set of 0.30 GB at 720p, 0.54 at 1080p
 * and 1.80 at 2160p: 0.13 GB, and 0.2 GB a megapixel. This is doubled for 10 bits and the decoder; Node comes on top.
 */
const memoryMiBFor = (pixels: number) => 1024 + (400 * pixels) / 1e6;

/** Presets that are so slow that more cores are worth their lower efficiency. */
const SLOW_PRESETS: readonly Preset[] = ['slower', 'veryslow'];

/** The most processors that Fargate has, because a network uses all cores. */
export const UPSCALE_ON_CPU_SIZE: TaskSize = { vcpu: 16, memoryMiB: 65536 };

/** An L4 with the heaviest model, 540p to 2160p, at 40 % of its peak. */
export const GPU_FRAMES_A_SECOND = 2.6;
/** The assumption of core/codecs/hardware.ts, for each vCPU. It was not measured on a graphics card of AWS. */
const NVENC_MEGAPIXELS = 5 * X265_MEGAPIXELS.medium * GPU_SIZE.vcpu;

/**
 * Decides how a job is processed, from its needs, the source's header, the escalation after earlier failures, and the disks that
 * the stack has.
 */
export function routeOf(
  needs: Needs,
  facts: SourceOutline,
  escalation = NO_ESCALATION,
  disks: Disks = STACK_DISKS,
): Route {
  const frames = framesOf(facts);
  const { market } = escalation;
  const pixels = pixelsOf(facts);
  const compute = computeOf(needs);
  const onFargate = sizeOn(compute, pixels, needs.preset, escalation.larger);
  const seconds = machineSeconds(needs, { frames, pixels: frames * pixels, cores: onFargate.vcpu });
  const isDivided = !needs.undivided && needs.engine !== 'network-on-processor';
  const way = isDivided && seconds > LONGEST_SINGLE_SECONDS ? 'workflow' : 'single';
  const kind = way === 'single' ? 'whole' : 'plan';
  const peak = peakBytes(kind, bytesFrom(needs, facts), UNDIVIDED);
  const disk = diskFor(peak, compute, { disks, larger: escalation.disk ?? 0 });
  return { way, compute, market, size: sizeWith(disk, onFargate), disk };
}

/** A container with a volume has a whole machine, whatever its work would need. */
export const sizeWith = ({ isVolume }: Pick<Disk, 'isVolume'>, size: TaskSize): TaskSize =>
  isVolume ? MACHINE_SIZE : size;

/** How long the machine of a job encodes, or the cards and networks of it compute. */
export function machineSeconds(
  { engine, work, preset }: Needs,
  { frames, pixels, cores }: { readonly frames: number; readonly pixels: number; readonly cores: number },
): number {
  switch (engine) {
    case 'processor':
      return work * x265Seconds({ pixels, preset, cores });
    case 'card':
      return pixels / (NVENC_MEGAPIXELS * 1e6);
    case 'network':
    case 'network-on-processor': // the time on a processor was checked when the drop was taken in (refusedOnProcessor)
      return frames / GPU_FRAMES_A_SECOND;
    default:
      return engine satisfies never;
  }
}

/** The size of a container. There is only one size with a graphics card. */
export const sizeOn = (compute: Route['compute'], pixels: number, preset: Preset, larger: number): TaskSize =>
  compute === 'cpu' ? sizeFor(pixels, preset, larger) : compute === 'gpu' ? GPU_SIZE : UPSCALE_ON_CPU_SIZE;

/** The smallest size whose memory suffices for the picture; for the slowest presets, the next larger one. */
export function sizeFor(pixels: number, preset: Preset, larger: number): TaskSize {
  const fits = SIZES.findIndex((size) => size.memoryMiB >= memoryMiBFor(pixels));
  const enough = (fits < 0 ? SIZES.length : fits) + (SLOW_PRESETS.includes(preset) ? 1 : 0) + larger;
  return SIZES[Math.min(enough, SIZES.length - 1)] ?? LARGEST;
}

/** Whether a job that ran out of memory can get a larger container. */
export const canGrow = ({ compute, size, disk }: Pick<Route, 'compute' | 'size' | 'disk'>): boolean =>
  compute === 'cpu' && !disk.isVolume && size.memoryMiB < LARGEST.memoryMiB;

/** The seconds that x265 takes to encode. The CRF hardly changes them. */
export const x265Seconds = (work: {
  readonly pixels: number;
  readonly preset: Preset;
  readonly cores: number;
}): number => work.pixels / (X265_MEGAPIXELS[work.preset] * 1e6 * work.cores);
