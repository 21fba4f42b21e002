import type { BatchClient } from '@aws-sdk/client-batch';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Route } from '../../core/job/route.ts';
import type { Dispatcher } from '../../core/ports/dispatcher.ts';
import { batchProgress, findBatchJob, submitBatchJob } from './batch-jobs.ts';
import { executionProgress, findExecution, startExecution } from './executions.ts';

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  readonly queues: { readonly [C in Route['compute']]: { readonly [M in Route['market']]: string } };
  readonly jobDefinitions: { readonly [C in Route['compute']]: string };
  readonly stateMachineArn: string;
};

export type DispatchClients = { readonly batch: BatchClient; readonly sfn: SFNClient };

/** Short jobs become one AWS Batch job, long ones one execution of the workflow. */
export function awsDispatcher({ batch, sfn }: DispatchClients, settings: DispatchSettings): Dispatcher {
  return {
    dispatch: (job, route) =>
      route.way === 'single' ? submitBatchJob(batch, settings, job, route) : startExecution(sfn, settings, job, route),
    progress: (reference) =>
      isExecution(reference) ? executionProgress(sfn, reference) : batchProgress(batch, reference),
    find: (job, route) =>
      route.way === 'single' ? findBatchJob(batch, settings, job, route) : findExecution(sfn, settings, job),
  };
}

const isExecution = (reference: string) => reference.startsWith('arn:') && reference.includes(':states:');
