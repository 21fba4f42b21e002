import type * as z from 'zod/mini';
import { failureNamed } from '../errors.ts';
import { INPUT_PREFIX } from '../job/drop.ts';
import type { Job } from '../job/job.ts';
import type { jobSummary } from './job-schemas.ts';

type JobSummary = z.infer<typeof jobSummary>;

/** Returns what a list shows of a job. */
export function jobSummaryOf(job: Job, progress: JobSummary['progress']): JobSummary {
  const { id, recipe, source, state, createdMs, updatedMs, figures } = job;
  return {
    job: id,
    recipe,
    name: source.startsWith(INPUT_PREFIX) ? source.split('/').slice(2).join('/') : source,
    state: state.status,
    createdMs,
    updatedMs,
    ...(figures && { figures }),
    ...(state.status === 'running' && { segments: state.segments }),
    ...(progress && { progress }),
    ...(state.status === 'failed' && {
      failure: { code: state.code, reason: state.reason, advice: failureNamed(state.code).advice },
    }),
  };
}
