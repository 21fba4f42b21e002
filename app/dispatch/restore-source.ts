import type { Job } from '../../core/job/job.ts';
import { restoringNotice } from '../../core/notices/job-notice.ts';
import { type ArchivedSource, type Headers, RESTORED_DAYS } from '../../core/ports/inbox.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { restoreCosts } from '../../core/storage/restore-cost.ts';
import type { RestoreRules } from '../../core/storage/restore-rules.ts';
import { type TellPorts, tellOnce } from '../do-once.ts';

export type RestorePorts = TellPorts & {
  readonly jobs: JobStore;
  readonly inbox: Headers;
  readonly restores: RestoreRules;
};

type Waiting = Extract<Job['state'], { status: 'queued' | 'restoring' }>;

/**
 * Lets a job wait until its archived source can be read: tells people when that is expected and what it costs, asks for the
 * source, and notes it in the job. Nothing runs meanwhile. False if another process changed the job first.
 */
export async function restoreSource(
  job: Job & { readonly state: Waiting },
  archived: ArchivedSource,
  { jobs, inbox, restores, ...ports }: RestorePorts,
): Promise<boolean> {
  const { tier, prices } = restores;
  const cost = restoreCosts(archived.className, { bytes: archived.bytes, objects: 1 }, RESTORED_DAYS, prices);
  const chosen = cost.find((each) => each.tier === tier);
  if (!chosen) throw new Error(`${archived.className} has no restore of the tier ${tier}`);
  const nowMs = ports.clock.now();
  const before = job.state.status === 'restoring' && archived.isRestoring ? job.state : undefined;
  const { escalation, asked } = job.state;
  const state = {
    status: 'restoring',
    tier,
    expectedMs: before?.expectedMs ?? nowMs + chosen.hours.to * HOUR_MS,
    usd: before?.usd ?? chosen.totalUsd,
    ...(escalation && { escalation }),
    ...(asked && { asked }),
  } as const;
  if (before) return true; // it is on its way, and everything was said
  await tellOnce(`restoring ${job.id} ${job.updatedMs}`, restoringNotice(job, { ...state, archived }), ports);
  if (!archived.isRestoring) await inbox.restore(job.source, archived, tier);
  return jobs.advance(job.id, job.state.status, state, Math.max(nowMs, job.updatedMs + 1));
}

const HOUR_MS = 3_600_000;
