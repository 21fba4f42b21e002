import type { SourceOutline } from '../film/source-outline.ts';
import { dispatchName, type Escalation, type Job } from '../job/job.ts';
import type { Needs } from '../job/needs.ts';
import { contentHash } from '../small-file.ts';
import { type Disks, diskFor } from './disks.ts';
import { framesOf, pixelsOf } from './film-figures.ts';
import { SMALL_BYTES } from './films-at-once.ts';
import { bytesFrom, peakBytes, UNDIVIDED } from './peak-disk.ts';
import { machineSeconds, type Route } from './route.ts';
import { schedulingPriority } from './scheduling-priority.ts';

/** A job that can be sent, with its route, and what is known of its source and needs. */
export type ReadyJob = {
  readonly job: Job;
  readonly needs: Needs;
  readonly facts: SourceOutline;
  readonly route: Route;
  readonly escalation: Escalation;
};

/** Small jobs that came together and share containers, which are sent by one submission. */
export type Burst<T extends ReadyJob = ReadyJob> = {
  readonly name: string;
  readonly route: Route;
  readonly priority: number;
  readonly containers: readonly (readonly T[])[];
};

/** Longer than a container starts: a film that takes so long is worth a container, and is there sooner in its own. */
const SMALL_SECONDS = 60;
/** What a container works in all, as estimated: four times what its start is paid for, and no longer than somebody likes to wait. */
const CONTAINER_SECONDS = 240;
/** Each film takes so long besides encoding, however short it is: fetched, looked at, verified, published. */
const BESIDES_SECONDS = 4;
/** Keeps the list of a container, and what is lost with it, small. */
const MOST_FILMS = 50;

/**
 * Whether a job may share a container: a small file that a processor makes in less time than a container starts in, on the
 * smallest disk. One that ran out of memory or disk, or whose container ended without telling why, has a container for itself.
 */
export const mayShare = ({ needs, facts, route, escalation }: ReadyJob): boolean =>
  route.way === 'single' &&
  route.compute === 'cpu' &&
  route.disk.at === 0 &&
  escalation.larger === 0 &&
  !escalation.disk &&
  !escalation.alone &&
  facts.bytes <= SMALL_BYTES &&
  encodeSeconds({ needs, facts, route }) <= SMALL_SECONDS;

/**
 * Divides jobs that may share among containers. Containers of one burst have one size, market and priority. Jobs keep their order,
 * and a container takes the next one until its time, its disk or its list is full.
 */
export function burstsOf<T extends ReadyJob>(jobs: readonly T[], disks: Disks): readonly Burst<T>[] {
  const alike = new Map<string, readonly T[]>();
  for (const each of jobs) {
    const { size, market } = each.route;
    const kind = JSON.stringify([size.vcpu, size.memoryMiB, market, schedulingPriority(each.job.priority)]);
    alike.set(kind, [...(alike.get(kind) ?? []), each]);
  }
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first ? [burstOf(first, filled(group, disks))] : [];
  });
}

/** Returns a burst with these containers. Its name follows from its jobs: another attempt with others of them has another list. */
export function burstOf<T extends ReadyJob>({ job, route }: T, containers: Burst<T>['containers']): Burst<T> {
  const names = containers.map((jobs) => jobs.map((each) => dispatchName(each.job)));
  const name = contentHash(JSON.stringify(names)).slice(0, 32);
  return { name, route, priority: schedulingPriority(job.priority), containers };
}

function filled<T extends ReadyJob>(jobs: readonly T[], disks: Disks): readonly (readonly T[])[] {
  const containers: T[][] = [];
  let seconds = 0;
  let bytes = 0;
  for (const each of jobs) {
    seconds += encodeSeconds(each) + BESIDES_SECONDS;
    bytes += peakBytes('whole', bytesFrom(each.needs, each.facts), UNDIVIDED);
    const last = containers.at(-1);
    const isFull = seconds > CONTAINER_SECONDS || diskFor(bytes, 'cpu', { disks, larger: 0 }).at > 0;
    if (last && last.length < MOST_FILMS && !isFull) {
      last.push(each);
      continue;
    }
    containers.push([each]);
    seconds = encodeSeconds(each) + BESIDES_SECONDS;
    bytes = peakBytes('whole', bytesFrom(each.needs, each.facts), UNDIVIDED);
  }
  return containers;
}

function encodeSeconds({ needs, facts, route }: Pick<ReadyJob, 'needs' | 'facts' | 'route'>): number {
  const frames = framesOf(facts);
  return machineSeconds(needs, { frames, pixels: frames * pixelsOf(facts), cores: route.size.vcpu });
}
