import { resolve } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { capture } from '../../../scripts/child.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { type Fault, faultyProxy } from '../../support/faulty-proxy.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const BUCKET = 'reelmill-dev-media-123456789012-us-east-1';
const Tags = [
  { Key: 'project', Value: 'reelmill' },
  { Key: 'stage', Value: 'dev' },
];
const LOGS = 'reelmill-dev-logs-123456789012-us-east-1';
const TEMPLATE = {
  Resources: {
    // before the other by name and place: the order of removal is no accident
    Logs: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: LOGS, Tags } },
    Media: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: BUCKET, Tags } },
  },
};

/** What S3 says of a bucket into which something has come since it was emptied. */
const NOT_EMPTY: Fault = {
  what: 'answer',
  status: 409,
  type: 'application/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>BucketNotEmpty</Code><Message>The bucket you tried to delete is not empty</Message></Error>',
};

await describeOnMoto('destroy', () => {
  let server: AwsServer;
  let stacks: CloudFormationClient;
  let s3: S3Client;

  beforeAll(async () => {
    server = await motoServer();
    stacks = new CloudFormationClient(clientOptions(optionsFor(server)));
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    await stacks.send(new CreateStackCommand({ StackName: 'reelmill-dev', TemplateBody: JSON.stringify(TEMPLATE) }));
    for (const Key of ['input/preserve/a.mov', 'output/preserve/a.mov/manifest.json'])
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
  });
  afterAll(async () => {
    for (const client of [stacks, s3]) client.destroy();
    await server.close();
  });

  const destroyAt = (endpoint: string, ...args: readonly string[]) =>
    capture(process.execPath, [resolve('scripts/destroy.mjs'), '--stage', 'dev', ...args], {
      env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
    });
  const destroy = (...args: readonly string[]) => destroyAt(server.endpoint, ...args);
  const stack = () => stacks.send(new DescribeStacksCommand({ StackName: 'reelmill-dev' }));
  const bucket = () => s3.send(new HeadBucketCommand({ Bucket: BUCKET }));

  it('removes nothing unless it is confirmed, and says what would go', async () => {
    const { code, stderr } = await destroy();
    expect([code, stderr]).toEqual([64, expect.stringContaining('nobody is here to confirm: pass --yes')]);
    expect(stderr).toContain(`${BUCKET}: 2 objects`);
    await bucket();
    await stack();
  });

  it('removes the stack and what it was told to keep, and says that nothing is left', async () => {
    const { code, stderr } = await destroy('--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing of reelmill-dev is left')]);
    await expect(bucket()).rejects.toMatchObject({ name: 'NotFound' });
    await expect(stack()).rejects.toThrow();
  });

  it('removes the bucket of logs last, and empties it again where logs have come in meanwhile', async () => {
    await stacks.send(new CreateStackCommand({ StackName: 'reelmill-dev', TemplateBody: JSON.stringify(TEMPLATE) }));
    const proxy = await faultyProxy({ ...server, close: async () => {} });
    const removed: string[] = [];
    proxy.setFault(({ method, path }) => {
      if (method !== 'DELETE') return undefined;
      const isFirstOfLogs = path.includes(LOGS) && !removed.some((each) => each.includes(LOGS));
      removed.push(path);
      return isFirstOfLogs ? NOT_EMPTY : undefined;
    });
    const { code, stderr } = await destroyAt(proxy.endpoint, '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing of reelmill-dev is left')]);
    expect(removed.map((path) => /reelmill-dev-(media|logs)/.exec(path)?.[1])).toEqual(['media', 'logs', 'logs']);
    await proxy.close();
  });

  it('says so where there is nothing', async () => {
    const { code, stderr } = await destroy('--yes');
    expect([code, stderr]).toEqual([66, expect.stringContaining('nothing of reelmill-dev is in us-east-1')]);
  });
});
