import type { BatchClient } from '@aws-sdk/client-batch';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Route } from '../../core/dispatch/route.ts';
import { containerReference } from '../../core/job/burst-list.ts';
import { isInvocation } from '../../core/job/invocation.ts';
import type { Dispatcher } from '../../core/ports/dispatcher.ts';
import { batchProgress, findBatchJob, submitBatchJob, submitBurst } from './batch-jobs.ts';
import { writeBurstList } from './burst-lists.ts';
import type { DispatchSettings } from './dispatch-settings.ts';
import { type EndpointClients, findInvocation, invocationProgress, invokeEndpoint } from './endpoint-invocations.ts';
import { executionProgress, findExecution, startExecution } from './executions.ts';

export type DispatchClients = { readonly batch: BatchClient; readonly sfn: SFNClient } & EndpointClients;

/**
 * Sends jobs to AWS. A short job becomes one Batch job or one invocation of the endpoint, a long one an execution of the
 * workflow, and a burst of small ones an array of Batch jobs over a list. A job that failed at the endpoint goes to Batch's on-demand machines.
 */
export function awsDispatcher(clients: DispatchClients, settings: DispatchSettings): Dispatcher {
  const { batch, sfn } = clients;
  const { endpoint, bucket } = settings;
  return {
    dispatch: async (job, route) => {
      if (route.way === 'workflow') return startExecution(sfn, settings, job, route);
      if (endpoint !== undefined && isForEndpoint(route)) return invokeEndpoint(clients, endpoint, bucket, job);
      return submitBatchJob(batch, settings, job, route);
    },
    dispatchTogether: async (burst) => {
      await writeBurstList(clients.s3, bucket, burst);
      const { reference } = await submitBurst(batch, settings, burst);
      const of = burst.containers.length;
      return burst.containers.map((jobs, index) =>
        jobs.map(() => ({ reference: containerReference(reference, { index, of }) })),
      );
    },
    progress: (reference) => {
      if (isInvocation(reference)) return invocationProgress(clients, reference);
      return isExecution(reference) ? executionProgress(sfn, reference) : batchProgress(batch, reference);
    },
    find: async (job, route) => {
      if (route.way === 'workflow') return findExecution(sfn, settings, job);
      if (endpoint !== undefined && isForEndpoint(route)) return findInvocation(clients, settings, job);
      return findBatchJob(batch, settings, job, route);
    },
  };
}

const isForEndpoint = ({ compute, market }: Route): boolean => compute === 'gpu' && market === 'spot';

const isExecution = (reference: string) => reference.startsWith('arn:') && reference.includes(':states:');
