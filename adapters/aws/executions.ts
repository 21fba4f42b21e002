import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Route } from '../../core/dispatch/route.ts';
import { schedulingPriority } from '../../core/dispatch/scheduling-priority.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import { asking, unless } from './aws-failure.ts';
import type { DispatchSettings } from './dispatch-settings.ts';

/** The input of the workflow. What it passes on to containers is text. */
type WorkflowInput = {
  readonly jobId: string;
  readonly bucket: string;
  readonly key: string;
  readonly recipe: string;
  readonly compute: Route['compute'];
  readonly market: Route['market'];
  readonly vcpu: string;
  readonly memory: string;
  /** The place of the plan's disk among those of its kind of machine. */
  readonly disk: number;
  readonly wanted: { readonly priority: number };
};

/** Starts the workflow. The execution's name is unique, so that starting it again returns the first reference. */
export function startExecution(client: SFNClient, settings: DispatchSettings, job: Job, route: Route) {
  return asking(`start the workflow for job ${job.id}`, async () => {
    const { stateMachineArn, bucket } = settings;
    const input: WorkflowInput = {
      jobId: job.id,
      bucket,
      key: job.source,
      recipe: job.recipe,
      compute: route.compute,
      market: route.market,
      vcpu: `${route.size.vcpu}`,
      memory: `${route.size.memoryMiB}`,
      disk: route.disk.at,
      wanted: { priority: schedulingPriority(job.priority) },
    };
    const start = new StartExecutionCommand({ stateMachineArn, name: dispatchName(job), input: JSON.stringify(input) });
    await unless('ExecutionAlreadyExists', client.send(start));
    return { reference: executionArn(settings, job) };
  });
}

/** Returns the workflow of a job if it was started; undefined if it was not, or ended more than 90 days ago. */
export function findExecution(client: SFNClient, settings: DispatchSettings, job: Job) {
  return asking(`look for the workflow of job ${job.id}`, async () => {
    const reference = executionArn(settings, job);
    const describe = new DescribeExecutionCommand({ executionArn: reference });
    return (await unless('ExecutionDoesNotExist', client.send(describe))) && { reference };
  });
}

/** Returns whether a workflow runs, has ended, or is not known (any more). */
export function executionProgress(client: SFNClient, executionArn: string): Promise<Progress> {
  return asking(`look after ${executionArn}`, async () => {
    const found = await unless('ExecutionDoesNotExist', client.send(new DescribeExecutionCommand({ executionArn })));
    if (!found) return { status: 'unknown' };
    return { status: found.status === 'RUNNING' ? 'running' : 'ended' };
  });
}

/** arn:aws:states:REGION:ACCOUNT:stateMachine:NAME -> arn:aws:states:REGION:ACCOUNT:execution:NAME:EXECUTION */
const executionArn = ({ stateMachineArn }: DispatchSettings, job: Job): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${dispatchName(job)}`;
