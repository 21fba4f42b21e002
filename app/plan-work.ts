import { type FanOut, fanOut, fanOutKey, fanOutSchema } from '../core/dispatch/fan-out.ts';
import { measuredFrom, measuredKey, type PlanMeasured } from '../core/dispatch/measured.ts';
import { GPU_FRAMES_A_SECOND, NO_ESCALATION, sizeOn } from '../core/dispatch/route.ts';
import { ServiceError } from '../core/errors.ts';
import type { Job, JobId } from '../core/job/job.ts';
import { computeOf } from '../core/job/needs.ts';
import { encodingSeconds, networkSeconds } from '../core/plan/estimate.ts';
import type { Ports } from '../core/ports/ports.ts';
import { needsOf } from '../core/recipes/needs-of.ts';
import { decideJob } from './decide-job.ts';
import type { JobRequest } from './job-request.ts';
import { piecesThere } from './pieces-there.ts';
import { writePlannedFilm } from './planned-film.ts';
import type { Tracking } from './tracking.ts';
import { type Drafts, withDrafts } from './with-drafts.ts';
import type { Draft } from './work.ts';

/** Does the workflow's first step: decides how many tasks share the encoding, and writes that for the workflow. */
export async function planWork(job: Job, request: JobRequest, ports: Ports, tracking: Tracking): Promise<FanOut> {
  const plan = await withDrafts({ request, ports, tracking }, async (drafts) => {
    if (await isMade(drafts)) return { tasks: 0, vcpu: '', memory: '' };
    const measured: PlanMeasured = { fields: drafts.work.source.fields };
    await ports.outputs.write(measuredKey(job.id), JSON.stringify(measured), 'application/json');
    const found = fanOut(await pendingIn(drafts), (job.sent?.escalation ?? NO_ESCALATION).larger);
    if (found.tasks > 0) await writePlannedFilm(drafts);
    return found;
  });
  await ports.outputs.write(fanOutKey(job.id), JSON.stringify(plan), 'application/json');
  await ports.jobs.advance(job.id, 'queued', { status: 'planned' }, ports.clock.now());
  return plan;
}

/** Reads a job's plan. Throws `no-input` if there is none. */
export async function readFanOut(job: JobId, { outputs }: Pick<Ports, 'outputs'>): Promise<FanOut> {
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

async function pendingIn({ drafts, work }: Pick<Drafts, 'drafts' | 'work'>) {
  const pending = await Promise.all(drafts.map((draft) => left(draft, work.ports)));
  const needs = needsOf(work.request.recipe, work.settings, work.request.settings);
  return {
    pieces: pending.reduce((sum, { pieces }) => sum + pieces, 0),
    vcpuSeconds: pending.reduce((sum, { vcpuSeconds }) => sum + vcpuSeconds, 0),
    pixels: Math.max(0, ...drafts.map(({ spec }) => spec.size.width * spec.size.height)),
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
