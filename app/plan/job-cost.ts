import { diskFor, refusedForDisk, STACK_DISKS } from '../../core/dispatch/disks.ts';
import { fanOut } from '../../core/dispatch/fan-out.ts';
import { type JobBytes, peakBytes, type TaskKind, UNDIVIDED, withCopies } from '../../core/dispatch/peak-disk.ts';
import { GPU_FRAMES_A_SECOND, NO_ESCALATION, routeOf } from '../../core/dispatch/route.ts';
import { refusedForSteps, stepDisks } from '../../core/dispatch/step-disks.ts';
import { computeOf } from '../../core/job/needs.ts';
import { type BilledWork, type JobBill, jobBill, sameDisk } from '../../core/plan/job-bill.ts';
import { mediaConvertUsd } from '../../core/plan/media-convert.ts';
import type { Order } from '../../core/recipes/menu.ts';
import { needsOf } from '../../core/recipes/needs-of.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { keepingCost } from '../../core/storage/keeping-cost.ts';
import type { AwsPrices } from '../../core/storage/list-prices.ts';
import type { ClassName } from '../../core/storage/storage-classes.ts';
import type { PlannedDrop, PlannedRendition, PlannedSource } from './plan-drop.ts';

/** What a job costs in either market, and what a service would take for the same files. */
export type JobCost = {
  readonly work: BilledWork;
  readonly spot: JobBill;
  readonly onDemand: JobBill;
  /** How large the disks of its containers are, in GiB: of the one, or of those of a workflow. */
  readonly disks: { readonly [K in TaskKind]?: number };
  /** Why no disk is large enough for it; undefined if one is. */
  readonly refused: string | undefined;
  /** The least that MediaConvert takes; undefined if it makes none of the renditions, or its price is not known. */
  readonly mediaConvertUsd: number | undefined;
  /** A month of the source that is kept beside the results; undefined if it is not kept. */
  readonly keptSource:
    | { readonly storageClass: ClassName; readonly bytes: number; readonly usdMonth: number }
    | undefined;
  /** The renditions that MediaConvert does not make. */
  readonly notConverted: readonly string[];
};

/** Megapixels a second of one vCPU that decodes and measures a result (docs/benchmarks.md, "encode": 17.9 s of two cores). */
const VERIFIED_MEGAPIXELS = 104;

/** Assumed of a source that is not at hand: a camera's 20 Mb/s at 1080p30. */
const ASSUMED_BITS_PER_PIXEL = 20e6 / (1920 * 1080 * 30);

/** Returns the source with the size that was asked for, or else with a camera's if its size is not known. */
export function assumedSource(source: PlannedSource, bytes: number | undefined): PlannedSource {
  const { width, height, fps, seconds } = source;
  const assumed = (ASSUMED_BITS_PER_PIXEL * width * height * fps * seconds) / 8;
  return { ...source, bytes: bytes ?? (source.bytes > 0 ? source.bytes : assumed) };
}

/** Returns the order as a drop in a bucket has it, where a network runs on a graphics card if nobody asked for a processor. */
export const orderOnAws = (order: Order): Order =>
  order.recipe.compute === 'gpu' && order.settings.device === undefined
    ? { ...order, settings: { ...order.settings, device: 'cuda' } }
    : order;

/** Returns what making the planned renditions costs on AWS, on the disks that the plan gives, or on those of `diskGib`. */
export function jobCost(
  { renditions, source }: PlannedDrop,
  order: Order,
  { prices, diskGib }: { readonly prices: AwsPrices; readonly diskGib?: number | undefined },
): JobCost {
  const made = renditions.filter(({ action }) => action === 'make');
  const { work, refused } = workOf(made, order, source, diskGib);
  const outputs = made.map((each) => ({
    name: each.name,
    usd: mediaConvertUsd({ ...each, fps: source.fps, minutes: source.seconds / 60 }, prices),
  }));
  const converted = order.recipe.compute === 'gpu' ? [] : outputs.flatMap(({ usd }) => usd ?? []);
  return {
    work,
    spot: jobBill(work, 'spot', prices),
    onDemand: jobBill(work, 'on-demand', prices),
    disks: disksOf(work),
    refused,
    mediaConvertUsd: converted.length > 0 ? converted.reduce((sum, usd) => sum + usd, 0) : undefined,
    keptSource: keptMonth(order, source, prices),
    notConverted:
      order.recipe.compute === 'gpu'
        ? outputs.map(({ name }) => name)
        : outputs.flatMap(({ name, usd }) => (usd === undefined ? [name] : [])),
  };
}

/** The classes of S3 in which a source can be kept, by the names that the price list has for them. */
const PRICED_CLASSES = {
  STANDARD: 'standard',
  STANDARD_IA: 'standard-ia',
  GLACIER_IR: 'glacier-ir',
  DEEP_ARCHIVE: 'deep-archive',
} as const;

function keptMonth({ recipe, settings }: Order, { bytes }: PlannedSource, prices: AwsPrices): JobCost['keptSource'] {
  const asked = keptClass(resolveSettings(recipe, settings));
  if (asked === undefined) return undefined;
  const storageClass = PRICED_CLASSES[asked];
  const { storageUsd: usdMonth } = keepingCost(storageClass, { bytes, objects: 1 }, { months: 1 }, prices);
  return { storageClass, bytes, usdMonth };
}

function workOf(
  made: readonly PlannedRendition[],
  { recipe, settings: asked }: Order,
  source: PlannedSource,
  diskGib: number | undefined,
): { readonly work: BilledWork; readonly refused: string | undefined } {
  const settings = resolveSettings(recipe, asked);
  const needs = needsOf(recipe, settings, asked);
  const pixels = source.width * source.height;
  const { bytes: sourceBytes, seconds: durationSeconds, copiedBytes = 0, mayBeJoined } = source;
  const outline = { pixels, durationSeconds, bytes: sourceBytes, ...(mayBeJoined && { mayBeJoined }) };
  const { way, size, compute, disk } = routeOf(needs, outline, NO_ESCALATION);
  const total = (of: (rendition: PlannedRendition) => number) => made.reduce((sum, each) => sum + of(each), 0);
  const vcpuSeconds = total(({ estimate }) => estimate.vcpuHours * 3600);
  const pieces = total(({ segments, reused }) => segments - reused);
  const largest = Math.max(0, ...made.map(({ width, height }) => width * height));
  const isOnCard = computeOf(needs) === 'gpu';
  const { tasks: shared } = fanOut({ pieces, vcpuSeconds, pixels: largest, preset: needs.preset, compute }, 0);
  const cardSeconds = Math.max(vcpuSeconds / size.vcpu, (source.fps * source.seconds) / GPU_FRAMES_A_SECOND);
  const tasks = way === 'single' ? 1 : shared;
  const bytes = bytesOf(made, source, recipe.neverLarger && !settings.evenIfLarger && !settings.lossless);
  const step = { compute, bytes, tasks, isFetchedInParts: copiedBytes === 0 };
  const ask = { disks: STACK_DISKS, larger: 0 };
  // the disk of the first container is chosen before anybody knows whether copies are made
  const whole = diskFor(peakBytes('whole', { ...bytes, source: withCopies(outline) }, UNDIVIDED), compute, ask);
  const foreseen = way === 'single' ? sameDisk(whole) : { ...stepDisks(step, ask), plan: disk };
  const refused =
    way === 'single'
      ? refusedForDisk(peakBytes('whole', bytes, UNDIVIDED), compute, STACK_DISKS)
      : refusedForSteps(step, ask);
  const work: BilledWork = {
    ...{ way, isOnCard, architecture: 'x86', size, tasks, pieces },
    disks: diskGib === undefined ? foreseen : sameDisk({ gib: diskGib, isVolume: false }),
    encodeSeconds: isOnCard && needs.engine === 'network' ? cardSeconds : vcpuSeconds / (isOnCard ? size.vcpu : 1),
    verifySeconds: total(({ width, height, frames }) => width * height * frames) / (VERIFIED_MEGAPIXELS * 1e6),
    sourceBytes: source.bytes,
    resultBytes: total(({ estimate }) => estimate.outputBytes),
  };
  return { work, ...(diskGib === undefined ? { refused } : { refused: undefined }) };
}

function disksOf({ way, disks: { plan, segment, join } }: BilledWork): JobCost['disks'] {
  return way === 'single' ? { whole: join.gib } : { plan: plan.gib, segment: segment.gib, join: join.gib };
}

function bytesOf(
  made: readonly PlannedRendition[],
  { bytes, copiedBytes = 0 }: PlannedSource,
  neverLarger: boolean,
): JobBytes {
  const results = made.map(({ estimate: { outputBytes } }) =>
    neverLarger ? Math.min(bytes, outputBytes) : outputBytes,
  );
  return {
    source: bytes + copiedBytes,
    results: results.reduce((sum, each) => sum + each, 0),
    largest: Math.max(0, ...results),
  };
}
