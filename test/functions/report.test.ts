import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let handler: typeof import('../../functions/report.ts').handler;

beforeAll(async () => {
  stack = await openStack();
  // neither is there: what they would say is missing in the report, and nothing else
  process.env.AWS_ENDPOINT_URL_CLOUDTRAIL = stack.batch.endpoint;
  process.env.AWS_ENDPOINT_URL_COST_EXPLORER = stack.batch.endpoint;
  await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
  ({ handler } = await import('../../functions/report.ts'));
});
afterAll(() => stack.close());

it('writes the report of the last month and announces it once, with what could not be read', async () => {
  await handler({}, {} as never);
  await handler({}, {} as never);
  const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket: 'logs' }));
  expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(/^reports\/test-\d{4}-\d{2}\.json$/)]);
  const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: 'logs', Key: Contents[0]?.Key }));
  const written = JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? '').toString());
  expect(written).toMatchObject({
    stage: 'test',
    jobs: { read: [] },
    archive: { read: [{ isWhole: true }] },
    spending: { problem: expect.any(String) },
  });
  expect(await stack.told()).toHaveLength(1);
});
