import {
  type BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  SubmitJobCommand,
} from '@aws-sdk/client-batch';
import type { Burst } from '../../core/dispatch/burst.ts';
import type { Route } from '../../core/dispatch/route.ts';
import { SHARE, schedulingPriority } from '../../core/dispatch/scheduling-priority.ts';
import type { TaskEnd } from '../../core/dispatch/task-failure.ts';
import { containerReference } from '../../core/job/burst-list.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import { asking, wasPerhapsDone } from './aws-failure.ts';
import { batchTargetFor, type DispatchSettings } from './dispatch-settings.ts';

/**
 * Batch knows no request token: where an answer is lost on its way, its job is there, and would be there twice if the SDK
 * just submitted again. Of two, one takes a machine for nothing, and the end of the other is no longer known as the job's.
 */
export function submitBatchJob(client: BatchClient, settings: DispatchSettings, job: Job, route: Route) {
  return asking(`submit job ${job.id} to Batch`, () =>
    submit(client, settings, route, {
      name: nameOf(settings, job),
      priority: schedulingPriority(job.priority),
      environment: { S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all' },
      tags: { recipe: job.recipe, job: job.id },
    }),
  );
}

/** Submits the containers of a burst: one job, or an array of as many as there are, each of which finds its jobs in the list. */
export function submitBurst(client: BatchClient, settings: DispatchSettings, burst: Burst) {
  const { name, route, priority, containers } = burst;
  const recipes = new Set(containers.flatMap((jobs) => jobs.map(({ job }) => job.recipe)));
  const [recipe = ''] = recipes;
  return asking(`submit the burst ${name} to Batch`, () =>
    submit(client, settings, route, {
      ...{ name: burstNameOf(settings, name), priority, size: containers.length },
      environment: { REELMILL_STEP: 'burst', REELMILL_BURST: name },
      tags: recipes.size === 1 ? { recipe, burst: name } : { burst: name },
    }),
  );
}

type Submission = {
  readonly name: string;
  readonly priority: number;
  /** The number of containers; more than one are an array. */
  readonly size?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
};

async function submit(client: BatchClient, settings: DispatchSettings, route: Route, submission: Submission) {
  const { name, priority, size = 1, environment, tags } = submission;
  const target = batchTargetFor(settings, route);
  const jobQueue = target.queues[route.market];
  const command = new SubmitJobCommand({
    jobName: name,
    jobQueue,
    jobDefinition: target.definition,
    shareIdentifier: SHARE,
    schedulingPriorityOverride: priority,
    ...(size > 1 && { arrayProperties: { size } }),
    containerOverrides: {
      environment: Object.entries({ S3_BUCKET: settings.bucket, ...environment }).map(([key, value]) => ({
        name: key,
        value,
      })),
      resourceRequirements: [
        { type: 'VCPU', value: `${route.size.vcpu}` },
        { type: 'MEMORY', value: `${route.size.memoryMiB}` },
        ...(route.compute === 'gpu' ? [{ type: 'GPU' as const, value: '1' }] : []),
      ],
    },
    tags: { project: 'reelmill', stage: settings.stage, ...tags },
    propagateTags: true,
  });
  lookBeforeRepeating(command, () => findNamed(client, jobQueue, name));
  const answer = await client.send(command);
  return { reference: required(answer.jobId, 'SubmitJob gave no job id') };
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

/** The Batch job that an earlier submission of the same left: its own, or the container of the burst that its note names. */
export function findBatchJob(client: BatchClient, settings: DispatchSettings, job: Job, route: Route) {
  return asking(`look for job ${job.id} in Batch`, async () => {
    const { burst } = job;
    const jobQueue = batchTargetFor(settings, route).queues[route.market];
    const name = burst ? burstNameOf(settings, burst.name) : nameOf(settings, job);
    const found = await findNamed(client, jobQueue, name);
    return found && burst ? { reference: containerReference(found.reference, burst) } : found;
  });
}

/** Where a name is asked for, jobs of every status are listed. */
async function findNamed(client: BatchClient, jobQueue: string, name: string) {
  const filters = [{ name: 'JOB_NAME', values: [name] }];
  const { jobSummaryList = [] } = await client.send(new ListJobsCommand({ jobQueue, filters }));
  // beside an array, its containers may be listed under its name
  const found = jobSummaryList.find(({ jobId = '' }) => !jobId.includes(':'));
  return found && { reference: required(found.jobId, 'ListJobs gave no job id') };
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

const burstNameOf = ({ stage }: DispatchSettings, name: string) => `${stage}-burst-${name}`;

function required(value: string | undefined, otherwise: string): string {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
