import process from 'node:process';
import { askForMore, cancelJob, retryJob } from '../../app/api/steer-job.ts';
import { LOCAL_CALLER } from '../../core/api/caller.ts';
import { usage } from '../../core/errors.ts';
import type { Job } from '../../core/job/job.ts';
import type { Uses } from '../../core/ports/demand-store.ts';
import { tellCancelled } from '../telling/tell-cancelled.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';
import { jobNamed, refuseFolder, type TableOptions } from './job-table.ts';
import { openStage } from './open-stage.ts';

type OnStage = TableOptions & { readonly stage: string; readonly quiet?: boolean };
type OpenStage = Awaited<ReturnType<typeof openStage>>;

/** Has a job of a stage made again, which happens there: the command ends when the job is queued. */
export const retryOnStage = (id: string, options: OnStage & { readonly remake?: boolean }): Promise<number> =>
  withJob(id, options, async (job, stage) => {
    if (options.remake) throw usage('--remake is for work on this machine; give --stage without it');
    await retryJob(job.id, LOCAL_CALLER, stage);
    tellQueued(job, options);
  });

/** Counts a request for a rendition of a stage's job, and has the rendition made there. */
export const askStage = (id: string, rendition: string, uses: Uses, options: OnStage): Promise<number> =>
  withJob(id, options, async (job, stage) => {
    await askForMore(job, { rendition, uses }, stage);
    tellQueued(job, options);
  });

/** Ends a job of a stage, wherever it waits or runs. */
export const cancelOnStage = (id: string, options: OnStage): Promise<number> =>
  withJob(id, options, async (job, stage) => {
    await cancelJob(job.id, LOCAL_CALLER, stage);
    tellCancelled((await stage.jobs.get(job.id)) ?? job, options);
  });

async function withJob(
  id: string,
  options: OnStage,
  work: (job: Job, stage: OpenStage) => Promise<void>,
): Promise<number> {
  refuseFolder(options);
  const stage = await openStage(options.stage, options);
  try {
    await work(await jobNamed(id, stage.jobs, options), stage);
    return 0;
  } finally {
    stage.close();
  }
}

function tellQueued({ id, recipe, source }: Job, { stage, json, quiet }: OnStage): void {
  if (json) process.stdout.write(`${JSON.stringify({ type: 'job.queued', job: id, recipe, source })}\n`);
  if (!quiet)
    say(
      `job ${id.slice(0, 12)} (${printable(source)}) is queued again; reelmill show ${id.slice(0, 12)} --stage ${stage} tells how far it is`,
    );
}
