import type { Caller } from '../../core/api/caller.ts';
import { mayTouch } from '../../core/api/caller.ts';
import { jobSummaryOf } from '../../core/api/job-answer.ts';
import { cursorOf, positionAt, statesNamed } from '../../core/api/job-question.ts';
import type { AnswerOf, QueryRead } from '../../core/api/routes.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Job, JobId } from '../../core/job/job.ts';
import { type Manifest, manifestFrom } from '../../core/job/manifest.ts';
import type { ApiPorts } from './api-ports.ts';
import { refusedDrops } from './refused-drops.ts';

const USUAL_LIMIT = 50;

/** Returns a page of the caller's jobs, and what all that the question fits come to. */
export async function listJobs(query: QueryRead<'jobs'>, caller: Caller, ports: ApiPorts): Promise<AnswerOf<'jobs'>> {
  const { state, recipe, text, sort = 'newest', limit = USUAL_LIMIT, cursor, changedSince } = query;
  const question = {
    states: statesNamed(state),
    recipe,
    text: text === '' ? undefined : text,
    owner: caller.role === 'operator' ? undefined : (caller.folder ?? ''),
    changedSinceMs: changedSince,
  };
  const nowMs = ports.clock.now();
  const order = { sort, limit, after: positionAt(cursor) };
  const isFirst = cursor === undefined && changedSince === undefined;
  const [page, totals, refused] = await Promise.all([
    ports.listing.page(question, order),
    ports.listing.totals(question),
    isFirst ? refusedDrops(question, caller, ports) : undefined,
  ]);
  return {
    jobs: page.jobs.map((job) => jobSummaryOf(job, ports.progressOf(job.id))),
    totals: { ...totals, byState: { ...totals.byState } },
    ...(page.amongNewest !== undefined && { amongNewest: page.amongNewest }),
    ...(refused && { refused }),
    ...(page.next && { next: cursorOf(page.next) }),
    nowMs,
  };
}

/** Returns a job that the caller may see. Throws `no-input`, also for a job of somebody else, so that nobody learns of it. */
export async function jobOf(id: JobId, caller: Caller, { jobs }: Pick<ApiPorts, 'jobs'>): Promise<Job> {
  const job = await jobs.get(id);
  if (!job || !mayTouch(caller, job.source))
    throw new ServiceError('no-input', `there is no job ${id}; GET /api/jobs lists those that there are`);
  return job;
}

/** Returns all that is known of a job. */
export async function showJob(id: JobId, caller: Caller, ports: ApiPorts): Promise<AnswerOf<'job'>> {
  const job = await jobOf(id, caller, ports);
  const manifest = await manifestOf(job, ports);
  return {
    ...jobSummaryOf(job, ports.progressOf(id)),
    settings: job.settings,
    source: job.source,
    files: job.published.map(({ key, bytes, sha256 }) => ({ path: pathIn(job, key), bytes, sha256 })),
    ...(manifest && { manifest }),
  };
}

/** Returns the manifest of a job that was published; undefined if it was not, or its files have gone. */
export async function manifestOf({ state, outputPrefix }: Job, { outputs }: ApiPorts): Promise<Manifest | undefined> {
  const isMade = state.status === 'done' || state.status === 'unchanged';
  const bytes = await outputs.read(isMade ? state.manifest : `${outputPrefix}/manifest.json`).catch(() => undefined);
  return bytes && manifestFrom(bytes);
}

/** The path of a published key relative to the manifest, as manifests write it. */
const pathIn = ({ outputPrefix }: Job, key: string): string =>
  key.startsWith(`${outputPrefix}/`)
    ? key.slice(outputPrefix.length + 1)
    : `${'../'.repeat(outputPrefix.split('/').length)}${key}`;
