import { once } from 'node:events';
import { createServer } from 'node:http';
import { BatchClient } from '@aws-sdk/client-batch';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { optionsFor } from './aws-servers.ts';

export const MINUTE = 60_000;
export const NOW = 1_800_000_000_000;

type Status = 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
export type Waiting = {
  readonly jobId: string;
  status: Status;
  readonly queue: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly attempts?: readonly { readonly stoppedAt: number }[];
  readonly arrayProperties?: { readonly size: number };
  readonly parent?: string;
  /** The vCPUs of the job, 4 if it is not said. */
  readonly vcpus?: number;
};

/** So many vCPUs the compute environment of the queue may have. */
const MOST_VCPUS = 16;

/** Batch's ListJobs, DescribeJobs and CancelJob, by their documented behaviour: only what has no machine is cancelled. */
export async function batchWith(jobs: Waiting[], state = () => 'ENABLED') {
  const cancelled: unknown[] = [];
  const routes: Record<string, (body: Record<string, unknown>) => unknown> = {
    '/v1/listjobs': ({ jobQueue, arrayJobId, jobStatus }) => ({
      jobSummaryList: jobs.filter(
        ({ queue, parent, status }) =>
          status === jobStatus && (arrayJobId ? parent === arrayJobId : queue === jobQueue && !parent),
      ),
    }),
    '/v1/describejobs': (body) => ({
      jobs: jobs
        .filter(({ jobId }) => (body.jobs as string[]).includes(jobId))
        .map(({ vcpus = 4, ...each }) => ({
          ...each,
          container: { resourceRequirements: [{ type: 'VCPU', value: `${vcpus}` }] },
        })),
    }),
    '/v1/describejobqueues': () => ({
      jobQueues: [{ computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'encode' }] }],
    }),
    '/v1/describecomputeenvironments': () => ({
      computeEnvironments: [{ state: state(), computeResources: { maxvCpus: MOST_VCPUS } }],
    }),
    '/v1/canceljob': ({ jobId, reason }) => {
      const job = jobs.find((each) => each.jobId === jobId);
      if (job && ['PENDING', 'RUNNABLE'].includes(job.status)) {
        job.status = 'FAILED';
        cancelled.push({ jobId, reason });
      }
      return {};
    },
  };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const answer = routes[incoming.url ?? '']?.(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const client = new BatchClient(clientOptions(optionsFor({ endpoint })));
  const close = async () => {
    client.destroy();
    server.closeAllConnections();
    await once(server.close(), 'close');
  };
  return { client, cancelled, close };
}

export const job = (jobId: string, minutesAgo: number, more: Partial<Waiting> = {}): Waiting => ({
  ...{ jobId, status: 'RUNNABLE', queue: 'spot', createdAt: NOW - minutesAgo * MINUTE },
  ...more,
});
