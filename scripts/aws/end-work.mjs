import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../setup-error.mjs';
import { openJobs, queuesOf } from './open-jobs.mjs';
import { stackName } from './stack.mjs';

const REASON = 'Reelmill: the stage is removed';
/** A container has 30 seconds to end, and Batch takes some time to say that it did. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Ends the workflows and jobs of a stage, and waits until none writes any more: a bucket that is emptied while containers fill it
 * cannot be removed. Where they take longer than that, the removal begins all the same.
 * @param {{ stage: string, region: string, caller: { account: string, arn: string }, everyMs?: number }} of
 */
export async function endWork({ stage, region, caller, everyMs = 5_000 }) {
  const [, partition] = caller.arn.split(':');
  await endWorkflows(`arn:${partition}:states:${region}:${caller.account}:stateMachine:${stackName(stage)}`, region);
  const { BatchClient, TerminateJobCommand, UpdateJobQueueCommand } = await import('@aws-sdk/client-batch');
  const batch = new BatchClient({ region });
  const queues = await queuesOf(batch, `${stackName(stage)}-`);
  // what is closed takes no job of a function that is at work just now
  for (const jobQueue of queues) await batch.send(new UpdateJobQueueCommand({ jobQueue, state: 'DISABLED' }));
  const open = await openJobs(batch, queues);
  if (open.length === 0) return;
  say(`ending ${open.length} jobs of ${stackName(stage)} that wait or run; their pieces go with the bucket`);
  for (const jobId of open) await batch.send(new TerminateJobCommand({ jobId, reason: REASON }));
  for (let waited = 0; waited < PATIENCE_MS; waited += everyMs) {
    if ((await openJobs(batch, queues)).length === 0) return;
    await wait(everyMs);
  }
}

/**
 * @param {string} stateMachineArn
 * @param {string} region
 */
async function endWorkflows(stateMachineArn, region) {
  const { paginateListExecutions, SFNClient, StateMachineDoesNotExist, StopExecutionCommand } = await import(
    '@aws-sdk/client-sfn'
  );
  const client = new SFNClient({ region });
  try {
    const running = [];
    const pages = paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' });
    for await (const { executions = [] } of pages) running.push(...executions.map(({ executionArn }) => executionArn));
    for (const executionArn of running) await client.send(new StopExecutionCommand({ executionArn, cause: REASON }));
  } catch (error) {
    if (!(error instanceof StateMachineDoesNotExist)) throw error;
  }
}
