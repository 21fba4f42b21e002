import { once } from 'node:events';
import { createServer } from 'node:http';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newJob } from '../fixtures/new-job.ts';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let handler: typeof import('../../functions/sweep.ts').handler;

/** EC2 and SageMaker of an account in which nothing runs, in the words of their API references. */
const nothingRuns = createServer((request, response) => {
  const isEc2 = request.headers['x-amz-target'] === undefined;
  response.writeHead(200, { 'content-type': isEc2 ? 'text/xml' : 'application/x-amz-json-1.1' });
  response.end(
    isEc2
      ? '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><reservationSet/></DescribeInstancesResponse>'
      : '{"Endpoints":[]}',
  );
});

beforeAll(async () => {
  nothingRuns.listen(0, '127.0.0.1');
  await once(nothingRuns, 'listening');
  const address = nothingRuns.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address?.port}`;
  stack = await openStack();
  Object.assign(process.env, { AWS_ENDPOINT_URL_EC2: endpoint, AWS_ENDPOINT_URL_SAGEMAKER: endpoint });
  ({ handler } = await import('../../functions/sweep.ts'));
});
afterAll(async () => {
  nothingRuns.closeAllConnections();
  await once(nothingRuns.close(), 'close');
  await stack.close();
});

it('sends a job that nobody sent, once, and leaves alone what was sent', async () => {
  const job = newJob('left.mov');
  await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key: job.source, Body: 'some bytes' }));
  await stack.jobs.create(job);
  await handler({}, {} as never);
  await handler({}, {} as never);
  expect(stack.batch.submitted).toMatchObject([{ jobQueue: 'encode', environment: { JOB_ID: job.id } }]);
  expect(await stack.jobs.get(job.id)).toMatchObject({ sent: { reference: stack.batch.submitted[0]?.jobId } });
});
