import type { Disks } from '../../core/dispatch/disks.ts';
import { asFanOut, type FanOut, fanOut, fanOutKey, fanOutSchema } from '../../core/dispatch/fan-out.ts';
import { measuredFrom, measuredKey, type PlanMeasured } from '../../core/dispatch/measured.ts';
import { bytesFrom, type JobBytes } from '../../core/dispatch/peak-disk.ts';
import { GPU_FRAMES_A_SECOND, NO_ESCALATION, sizeOn } from '../../core/dispatch/route.ts';
import { refusedForSteps, stepDisks } from '../../core/dispatch/step-disks.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Job, JobId } from '../../core/job/job.ts';
import { computeOf } from '../../core/job/needs.ts';
import { encodingSeconds, estimateEncode, networkSeconds } from '../../core/plan/estimate.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { needsOf, needsOfJob } from '../../core/recipes/needs-of.ts';
import { decideJob } from '../decide/decide-job.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import { type Draft, guarded } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import type { Tracking } from '../tracking.ts';
import { writePlannedFilm } from './planned-film.ts';
import { soundSegments } from './stretch-of-source.ts';
import { type Drafts, withDrafts } from './with-drafts.ts';

type PlanPorts = Ports & {
  /** The disks that the containers of the stack can be given. */
  readonly disks: Disks;
};

/**
 * Does the workflow's first step: decides how many tasks share the encoding and which disks they and the join get, and writes
 * that for the workflow. Throws `over-limit` if no disk is large enough.
 */
export async function planWork(job: Job, request: JobRequest, ports: PlanPorts, tracking: Tracking): Promise<FanOut> {
  const { larger, disk = 0 } = job.sent?.escalation ?? NO_ESCALATION;
  const plan = await withDrafts({ request, ports, tracking }, async (drafts) => {
    const isToMake = !(await isMade(drafts));
    const remaining = await remainingIn(drafts, isToMake);
    const shared = fanOut(remaining, larger);
    if (isToMake) {
      const measured: PlanMeasured = { fields: drafts.work.source.fields };
      await ports.outputs.write(measuredKey(job.id), JSON.stringify(measured), 'application/json');
    }
    const isFetchedInParts = shared.tasks > 0 && (await writePlannedFilm(drafts));
    // a film that can only be read from its start is shared by those that have a stretch of it each, or by none
    const found = drafts.fed.length > 0 && !isFetchedInParts ? { ...shared, tasks: 0 } : shared;
    const { compute, preset } = remaining;
    const work = { compute, bytes: bytesOf(drafts, job), tasks: found.tasks, isFetchedInParts };
    const ask = { disks: ports.disks, larger: disk };
    const reason = isToMake ? refusedForSteps(work, ask) : undefined;
    if (reason !== undefined) throw new ServiceError('over-limit', reason);
    const { width, height } = drafts.work.source.main.video;
    return asFanOut(found, sizeOn(compute, width * height, preset, larger), stepDisks(work, ask));
  });
  await ports.outputs.write(fanOutKey(job.id), JSON.stringify(plan), 'application/json');
  await ports.jobs.advance(job.id, 'queued', { status: 'planned' }, ports.clock.now());
  return plan;
}

/**
 * The bytes of the source and of what becomes of it: as the drafts foresee them, and where the join makes renditions that none of
 * them is for, at least as the drop was foreseen.
 */
function bytesOf({ drafts, fed, work }: Pick<Drafts, 'drafts' | 'fed' | 'work'>, job: Job): JobBytes {
  const { bytes: source, probe, main, copies = 0 } = work.source;
  const neverLarger = guarded(work);
  const results = [...drafts, ...fed].map(({ spec, source: { cut } }) => {
    const frames = cut.times.length;
    const { outputBytes } = estimateEncode(spec, { frames, left: frames, cores: work.ports.cores });
    return neverLarger ? Math.min(source, outputBytes) : outputBytes;
  });
  const { width, height } = main.video;
  const outline = { bytes: source, pixels: width * height, durationSeconds: probe.durationSeconds };
  const foreseen = bytesFrom(needsOfJob(job), outline);
  return {
    source: (1 + copies) * source,
    results: Math.max(
      foreseen.results,
      results.reduce((sum, each) => sum + each, 0),
    ),
    largest: Math.max(foreseen.largest, ...results),
  };
}

/** Reads a job's plan. Throws `no-input` if there is none. */
export async function readFanOut(job: JobId, { outputs }: Pick<Ports, 'outputs'>): Promise<Pick<FanOut, 'tasks'>> {
  const bytes = await outputs.read(fanOutKey(job));
  if (!bytes)
    throw new ServiceError('no-input', `job ${job} has no plan at ${fanOutKey(job)}; its plan step comes first`);
  return fanOutSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** The request with what its plan step measured; as it is where there was none. */
export async function withMeasured(request: JobRequest, { outputs }: Pick<Ports, 'outputs'>): Promise<JobRequest> {
  const bytes = await outputs.read(measuredKey(request.id));
  return bytes ? { ...request, ...measuredFrom(bytes) } : request;
}

/** Whether nothing is left to encode, because the same bytes were made in the same way here or under another name. */
async function isMade({ work }: Pick<Drafts, 'work'>): Promise<boolean> {
  const { request, ports, settings, tools, source, tracking } = work;
  const { signal } = tracking;
  const sha256 = () => ports.reader.hash(source.original ?? source.path, { signal, onProgress: () => {} });
  const { beside = [] } = source;
  const { verdict } = await decideJob(request, ports, { settings, tools, beside, sha256, signal });
  return verdict !== 'make';
}

async function remainingIn({ drafts, fed, work }: Pick<Drafts, 'drafts' | 'fed' | 'work'>, isToMake: boolean) {
  const all = [...drafts, ...fed.map((draft) => ({ ...draft, segments: soundSegments(draft) }))];
  const pending = isToMake ? await Promise.all(all.map((draft) => left(draft, work.ports))) : [];
  const needs = needsOf(work.request.recipe, work.settings, work.request.settings);
  return {
    pieces: pending.reduce((sum, { pieces }) => sum + pieces, 0),
    vcpuSeconds: pending.reduce((sum, { vcpuSeconds }) => sum + vcpuSeconds, 0),
    pixels: Math.max(0, ...all.map(({ spec }) => spec.size.width * spec.size.height)),
    preset: needs.preset,
    compute: computeOf(needs),
  };
}

async function left({ segments, spec }: Draft, { cache }: Ports) {
  const there = await piecesThere(segments, cache);
  const missing = segments.filter((_, i) => !there[i]);
  const frames = missing.reduce((sum, { start, end }) => sum + end - start, 0);
  const vcpuSeconds = encodingSeconds(spec, frames) + networkSeconds(spec, frames) + cardSeconds(spec, frames);
  return { pieces: missing.length, vcpuSeconds };
}

/**
 * Returns the time of a network on a graphics card, counted as time of all vCPUs of such a task, which it cannot use
 * otherwise.
 */
function cardSeconds({ enlarge, size }: Draft['spec'], frames: number): number {
  if (!enlarge || enlarge.device === 'cpu') return 0;
  const { vcpu } = sizeOn('gpu', size.width * size.height, 'medium', 0);
  return (vcpu * frames) / GPU_FRAMES_A_SECOND;
}
