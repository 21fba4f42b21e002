import { once } from 'node:events';
import { createServer } from 'node:http';
import { BatchClient } from '@aws-sdk/client-batch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { spotUpkeep } from '../../../adapters/aws/spot-upkeep.ts';
import { WAITED_FOR_SPOT } from '../../../core/dispatch/task-failure.ts';
import type { Leak } from '../../../core/ports/upkeep.ts';
import { optionsFor } from '../../support/aws-servers.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const PATIENCE = 45 * MINUTE;

type Status = 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'FAILED';
type Waiting = {
  readonly jobId: string;
  status: Status;
  readonly queue: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly attempts?: readonly { readonly stoppedAt: number }[];
  readonly arrayProperties?: { readonly size: number };
  readonly parent?: string;
  /** The vCPUs of the job, 4 if it is not said. */
  readonly vcpus?: number;
};

/** So many vCPUs the compute environment of the queue may have. */
const MOST_VCPUS = 16;

/** Batch's ListJobs, DescribeJobs and CancelJob, by their documented behaviour: only what has no machine is cancelled. */
async function batchWith(jobs: Waiting[]) {
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
      computeEnvironments: [{ computeResources: { maxvCpus: MOST_VCPUS } }],
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

const job = (jobId: string, minutesAgo: number, more: Partial<Waiting> = {}): Waiting => ({
  ...{ jobId, status: 'RUNNABLE', queue: 'spot', createdAt: NOW - minutesAgo * MINUTE },
  ...more,
});

describe('a job that waits for a Spot machine', () => {
  let batch: Awaited<ReturnType<typeof batchWith>>;
  const jobs: Waiting[] = [];
  beforeEach(async () => {
    jobs.length = 0;
    batch = await batchWith(jobs);
  });
  afterEach(() => batch.close());

  async function found(): Promise<readonly Leak[]> {
    const all: Leak[] = [];
    for await (const leak of spotUpkeep(batch.client, ['spot'], PATIENCE).leaks(NOW - PATIENCE)) all.push(leak);
    return all;
  }

  it('is found after its time, and cancelled with a reason that sends it to on-demand machines', async () => {
    jobs.push(job('old', 50), job('young', 10), job('elsewhere', 500, { queue: 'on-demand' }));
    const upkeep = spotUpkeep(batch.client, ['spot'], PATIENCE);
    const [only, ...more] = await found();
    expect([only, more]).toEqual([{ kind: 'spot-job', name: 'old', sinceMs: NOW - 50 * MINUTE }, []]);
    if (only) expect(await upkeep.mend(only)).toBe(true);
    expect(batch.cancelled).toEqual([{ jobId: 'old', reason: WAITED_FOR_SPOT }]);
    expect(await found()).toEqual([]);
  });

  it('is left alone while the queue gives machines to other jobs', async () => {
    jobs.push(job('old', 50), job('new', 60, { status: 'RUNNING', startedAt: NOW - 5 * MINUTE }));
    expect(await found()).toEqual([]);
    jobs[1] = job('long', 600, { status: 'RUNNING', startedAt: NOW - 500 * MINUTE });
    expect(await found()).toHaveLength(1);
  });

  it('is left alone while an array of the queue gets machines', async () => {
    jobs.push(job('old', 50), job('array', 300, { status: 'PENDING', arrayProperties: { size: 2 } }));
    jobs.push(job('array:0', 300, { parent: 'array', status: 'RUNNING', startedAt: NOW - 5 * MINUTE }));
    jobs.push(job('array:1', 300, { parent: 'array' }));
    expect(await found()).toEqual([]);
  });

  it('is left alone where the machines that the queue may have are all at work', async () => {
    const long = { status: 'RUNNING', startedAt: NOW - 500 * MINUTE } as const;
    jobs.push(
      job('long', 600, { ...long, vcpus: 8 }),
      job('array', 600, { status: 'PENDING', arrayProperties: { size: 2 } }),
    );
    jobs.push(job('array:0', 600, { ...long, parent: 'array' }), job('array:1', 600, { parent: 'array', vcpus: 8 }));
    jobs.push(job('large', 50, { vcpus: 8 }), job('small', 50));
    expect((await found()).map(({ name }) => name)).toEqual(['small']); // 4 of 16 vCPUs are not used
  });

  it('waits from the end of an attempt that was interrupted', async () => {
    jobs.push(job('interrupted', 300, { attempts: [{ stoppedAt: NOW - 10 * MINUTE }] }));
    expect(await found()).toEqual([]);
  });

  it('may be a child of an array whose other children have run', async () => {
    jobs.push(job('array', 300, { status: 'PENDING', arrayProperties: { size: 2 } }));
    jobs.push(job('array:0', 300, { parent: 'array', status: 'FAILED' }), job('array:1', 300, { parent: 'array' }));
    expect((await found()).map(({ name }) => name)).toEqual(['array:1']);
  });

  it('goes on if it gets its machine after it was found', async () => {
    jobs.push(job('late', 50));
    const [leak] = await found();
    for (const each of jobs) each.status = 'RUNNING';
    if (leak) await spotUpkeep(batch.client, ['spot'], PATIENCE).mend(leak);
    expect(batch.cancelled).toEqual([]);
  });
});
