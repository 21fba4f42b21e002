import {
  type BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  SubmitJobCommand,
} from '@aws-sdk/client-batch';
import type { Route } from '../../core/dispatch/route.ts';
import { SHARE, schedulingPriority } from '../../core/dispatch/scheduling-priority.ts';
import type { TaskEnd } from '../../core/dispatch/task-failure.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import { asking, wasPerhapsDone } from './aws-failure.ts';
import { batchTargetFor, type DispatchSettings } from './dispatch-settings.ts';

/**
 * Batch knows no request token: where an answer is lost on its way, its job is there, and would be there twice if the SDK
 * just submitted again. Of two, one takes a machine for nothing, and the end of the other is no longer known as the job's.
 */
export function submitBatchJob(client: BatchClient, settings: DispatchSettings, job: Job, route: Route) {
  return asking(`submit job ${job.id} to Batch`, async () => {
    const { size, compute, market } = route;
    const target = batchTargetFor(settings, route);
    const command = new SubmitJobCommand({
      jobName: nameOf(settings, job),
      jobQueue: target.queues[market],
      jobDefinition: target.definition,
      shareIdentifier: SHARE,
      schedulingPriorityOverride: schedulingPriority(job.priority),
      containerOverrides: {
        environment: [
          { name: 'S3_BUCKET', value: settings.bucket },
          { name: 'S3_KEY', value: job.source },
          { name: 'JOB_ID', value: job.id },
          { name: 'REELMILL_STEP', value: 'all' },
        ],
        resourceRequirements: [
          { type: 'VCPU', value: `${size.vcpu}` },
          { type: 'MEMORY', value: `${size.memoryMiB}` },
          ...(compute === 'gpu' ? [{ type: 'GPU' as const, value: '1' }] : []),
        ],
      },
      tags: { project: 'reelmill', stage: settings.stage, recipe: job.recipe, job: job.id },
      propagateTags: true,
    });
    lookBeforeRepeating(command, () => findBatchJob(client, settings, job, route));
    const answer = await client.send(command);
    return { reference: required(answer.jobId, 'SubmitJob gave no job id') };
  });
}

/** The SDK repeats by itself: after an attempt that Batch may have done without our hearing of it, only what is not there. */
function lookBeforeRepeating(
  command: SubmitJobCommand,
  find: () => Promise<{ readonly reference: string } | undefined>,
): void {
  let mayBeThere = false;
  command.middlewareStack.add(
    (next) => async (args) => {
      const found = mayBeThere ? await find() : undefined;
      if (found)
        return {
          response: undefined,
          output: { jobName: command.input.jobName, jobId: found.reference, $metadata: {} },
        };
      try {
        return await next(args);
      } catch (error) {
        mayBeThere = mayBeThere || wasPerhapsDone(error);
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'lookBeforeRepeating' }, // within what repeats
  );
}

/** The Batch job that an earlier submission of the same left. Where a name is asked for, jobs of every status are listed. */
export function findBatchJob(client: BatchClient, settings: DispatchSettings, job: Job, route: Route) {
  return asking(`look for job ${job.id} in Batch`, async () => {
    const jobQueue = batchTargetFor(settings, route).queues[route.market];
    const filters = [{ name: 'JOB_NAME', values: [nameOf(settings, job)] }];
    const { jobSummaryList = [] } = await client.send(new ListJobsCommand({ jobQueue, filters }));
    const [found] = jobSummaryList;
    return found && { reference: required(found.jobId, 'ListJobs gave no job id') };
  });
}

const RUNNING: readonly string[] = ['STARTING', 'RUNNING'];
const ENDED: readonly string[] = ['SUCCEEDED', 'FAILED'];

/** Returns the progress of a Batch job, which is unknown when Batch has forgotten the job, a day after its end or later. */
export function batchProgress(client: BatchClient, reference: string): Promise<Progress> {
  return asking(`look after ${reference} in Batch`, async () => {
    const { jobs = [] } = await client.send(new DescribeJobsCommand({ jobs: [reference] }));
    const [job] = jobs;
    if (!job?.status) return { status: 'unknown' };
    if (job.status === 'FAILED') return { status: 'ended', end: endOf(job) };
    if (ENDED.includes(job.status)) return { status: 'ended' };
    if (RUNNING.includes(job.status)) return { status: 'running' };
    return { status: 'waiting', sinceMs: waitingSince(job) };
  });
}

/** Since when a job waits: since the end of its last attempt, or since it was created. */
export const waitingSince = ({ createdAt = 0, attempts = [] }: JobDetail): number =>
  Math.max(createdAt, ...attempts.map(({ stoppedAt = 0 }) => stoppedAt));

const endOf = ({ statusReason, container }: JobDetail): TaskEnd => ({
  statusReason,
  containerReason: container?.reason,
  exitCode: container?.exitCode,
});

/** A job's name in Batch, which allows up to 128 letters, digits, - and _. */
const nameOf = ({ stage }: DispatchSettings, job: Job) => `${stage}-${job.recipe}-${dispatchName(job)}`;

function required(value: string | undefined, otherwise: string): string {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
