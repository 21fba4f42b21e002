import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { endWork } from '../../../scripts/aws/end-work.mjs';
import { KEYS } from '../../support/stage-script.ts';

type Body = Readonly<Record<string, string>>;
type Open = { readonly jobId: string; readonly queue: string; readonly status: string; looksLeft: number };

const caller = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/me' };
const PROD = { stage: 'prod', region: 'us-east-1', caller, everyMs: 1 };
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:reelmill-prod';

// Answers as the API references of Batch and Step Functions have it. A job that is terminated ends two looks later.
let server: Server;
let open: Open[];
const calls: string[] = [];
const routes: Readonly<Record<string, (body: Body) => object>> = {
  '/v1/describejobqueues': () => ({
    jobQueues: ['reelmill-prod-spot-cpu', 'reelmill-prod-on-demand-cpu', 'reelmill-dev-spot-cpu'].map((name) => ({
      jobQueueName: name,
    })),
  }),
  '/v1/updatejobqueue': ({ jobQueue, state }) => {
    calls.push(`${jobQueue} ${state}`);
    return {};
  },
  '/v1/listjobs': ({ jobQueue, jobStatus }) => {
    const found = open.filter(({ queue, status }) => queue === jobQueue && status === jobStatus);
    for (const job of found) job.looksLeft -= 1;
    open = open.filter(({ looksLeft }) => looksLeft > 0);
    return { jobSummaryList: found.map(({ jobId }) => ({ jobId })) };
  },
  '/v1/terminatejob': ({ jobId, reason }) => {
    calls.push(`${jobId} ${reason}`);
    for (const job of open) if (job.jobId === jobId) job.looksLeft = 2;
    return {};
  },
  'AWSStepFunctions.ListExecutions': ({ stateMachineArn, statusFilter }) => {
    calls.push(`${stateMachineArn} ${statusFilter}`);
    return { executions: [{ executionArn: 'arn:aws:states:a-long-film' }] };
  },
  'AWSStepFunctions.StopExecution': ({ executionArn }) => {
    calls.push(`${executionArn} stopped`);
    return { stopDate: 1 };
  },
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const answer = routes[String(request.headers['x-amz-target'] ?? request.url)]?.((await json(request)) as Body);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  Object.assign(process.env, KEYS);
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});
beforeEach(() => {
  calls.length = 0;
});

const job = (jobId: string, queue: string, status: string): Open => ({ jobId, queue, status, looksLeft: 1000 });

it('ends what a stage works on before it is removed, workflows first, and waits until it has ended', async () => {
  open = [
    job('runs', 'reelmill-prod-spot-cpu', 'RUNNING'),
    job('waits', 'reelmill-prod-on-demand-cpu', 'RUNNABLE'),
    job('another stage', 'reelmill-dev-spot-cpu', 'RUNNING'),
  ];
  await endWork(PROD);
  expect(calls).toEqual([
    `${MACHINE} RUNNING`,
    'arn:aws:states:a-long-film stopped',
    'reelmill-prod-spot-cpu DISABLED',
    'reelmill-prod-on-demand-cpu DISABLED',
    'runs Reelmill: the stage is removed',
    'waits Reelmill: the stage is removed',
  ]);
  expect(open.map(({ jobId }) => jobId)).toEqual(['another stage']);
});

it('ends nothing where nothing is worked on', async () => {
  open = [];
  await endWork(PROD);
  expect(calls.filter((call) => call.includes('the stage is removed'))).toEqual([]);
});
