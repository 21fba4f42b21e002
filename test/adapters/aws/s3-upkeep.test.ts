import { BatchClient } from '@aws-sdk/client-batch';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { machinesUpkeep } from '../../../adapters/aws/machines-upkeep.ts';
import { s3Upkeep } from '../../../adapters/aws/s3-upkeep.ts';
import type { Leak, Upkeep } from '../../../core/ports/upkeep.ts';
import { type AwsServer, fauxqsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { newBatchStack } from '../../support/batch-stack.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { batchWith, job } from '../../support/waiting-jobs.ts';

const LATER = Date.now() + 3_600_000;
/** Before anything was begun, however long ago that is on a slow machine. */
const BEFORE = Date.now() - 60_000;

async function all(upkeep: Upkeep, beforeMs = LATER): Promise<readonly Leak[]> {
  const found: Leak[] = [];
  for await (const leak of upkeep.leaks(beforeMs)) found.push(leak);
  return found;
}

describe('on fauxqs', () => storageTests(fauxqsServer, ['uploads']));
await describeOnMoto('the upkeep of storage', () => storageTests(motoServer, []));

function storageTests(start: () => Promise<AwsServer>, gaps: readonly string[]): void {
  let server: AwsServer;
  let client: S3Client;
  const Bucket = 'media';
  const knowing = (gap: string) => (gaps.includes(gap) ? it.failing : it);

  beforeAll(async () => {
    server = await start();
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket }));
    for (const Key of [
      'work/a/plan.json',
      'work/b.json',
      'output/work/a.mp4',
      'input/preserve/work/c.mov',
      'workshop.mp4',
    ]) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  it('finds and takes away old work files, and no others', async () => {
    const upkeep = s3Upkeep(client, Bucket);
    const found = (await all(upkeep)).filter(({ kind }) => kind === 'work');
    expect(found.map(({ name }) => name)).toEqual(['work/a/plan.json', 'work/b.json']);
    expect(await all(upkeep, BEFORE)).toEqual([]);
    for (const leak of found) expect(await upkeep.mend(leak)).toBe(true);
    expect((await all(upkeep)).filter(({ kind }) => kind === 'work')).toEqual([]);
  });

  knowing('uploads')('finds and ends uploads of ours, and leaves those of people', async () => {
    const upkeep = s3Upkeep(client, Bucket);
    for (const Key of ['output/preserve/a #1.mp4', 'cache/b.nut', 'input/preserve/theirs.mov']) {
      await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    }
    const found = (await all(upkeep)).filter(({ kind }) => kind === 'upload');
    expect(found.map(({ name }) => name.slice(0, name.lastIndexOf(' #'))).sort()).toEqual([
      'cache/b.nut',
      'output/preserve/a #1.mp4',
    ]);
    for (const leak of found) expect(await upkeep.mend(leak)).toBe(true);
    expect((await all(upkeep)).filter(({ kind }) => kind === 'upload')).toEqual([]);
    for (const leak of found) expect(await upkeep.mend(leak)).toBe(true);
  });
}

await describeOnMoto('the upkeep of machines', () => {
  let server: AwsServer;
  let upkeep: Upkeep;
  let withEndpoint: Upkeep;
  let withBatch: (batch: BatchClient) => Upkeep;
  let tell: (backlog: number) => Promise<void>;
  const clients: { destroy(): void }[] = [];

  beforeAll(async () => {
    server = await motoServer();
    const options = clientOptions(optionsFor(server));
    const [ec2, batch, sagemaker, sfn, cloudWatch] = [
      new EC2Client(options),
      new BatchClient(options),
      new SageMakerClient(options),
      new SFNClient(options),
      new CloudWatchClient(options),
    ];
    clients.push(ec2, batch, sagemaker, sfn, cloudWatch);
    tell = async (Value) => {
      const Dimensions = [{ Name: 'EndpointName', Value: 'reelmill-test-upscale' }];
      const MetricData = [
        { MetricName: 'ApproximateBacklogSize', Value, Dimensions, Timestamp: new Date(Date.now() + 30_000) },
      ];
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/SageMaker', MetricData }));
    };
    const { targets } = await newBatchStack(server.endpoint, batch, sfn);
    const names = { stage: 'test', queues: Object.values(targets.gpu?.[0]?.queues ?? {}), endpoint: undefined };
    upkeep = machinesUpkeep({ ec2, batch, sagemaker, cloudWatch }, names);
    withBatch = (other) => machinesUpkeep({ ec2, batch: other, sagemaker, cloudWatch }, { ...names, queues: ['gpu'] });
    withEndpoint = machinesUpkeep(
      { ec2, batch, sagemaker, cloudWatch },
      { ...names, endpoint: 'reelmill-test-upscale' },
    );
    for (const stage of ['test', 'prod']) {
      const Tags = [
        { Key: 'project', Value: 'reelmill' },
        { Key: 'stage', Value: stage },
      ];
      const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
      await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, TagSpecifications }));
      await newEndpoint(sagemaker, `reelmill-${stage}-upscale`);
    }
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await server.close();
  });

  it('finds none while the containers of an array are at work', async () => {
    const there = await batchWith([
      job('array', 60, { queue: 'gpu', status: 'PENDING', arrayProperties: { size: 2 } }),
    ]);
    const found = await all(withBatch(there.client));
    expect(found.map(({ kind }) => kind)).toEqual(['endpoint']);
    await there.close();
  });

  it('finds machines of this stage that run without work, and leaves them to people', async () => {
    const found = await all(upkeep);
    expect(found.map(({ kind }) => kind)).toEqual(['gpu-instance', 'endpoint']);
    expect(found[1]?.name).toBe('reelmill-test-upscale');
    for (const leak of found) expect(await upkeep.mend(leak)).toBe(false);
    expect(await all(upkeep)).toEqual(found);
  });

  it('finds the endpoint that jobs use only if its instances have no work', async () => {
    const since = Date.now();
    const endpoints = async () => (await all(withEndpoint, since)).filter(({ kind }) => kind === 'endpoint');
    expect((await endpoints()).map(({ name }) => name)).toEqual(['reelmill-test-upscale']);
    await tell(0);
    expect(await endpoints()).toHaveLength(1);
    await tell(2);
    expect(await endpoints()).toEqual([]);
  });

  it('finds nothing that was started only now', async () => {
    expect(await all(upkeep, BEFORE)).toEqual([]);
  });
});

async function newEndpoint(client: SageMakerClient, name: string): Promise<void> {
  const ExecutionRoleArn = 'arn:aws:iam::123456789012:role/none';
  await client.send(
    new CreateModelCommand({ ModelName: name, ExecutionRoleArn, PrimaryContainer: { Image: 'image' } }),
  );
  const ProductionVariants = [
    { VariantName: 'one', ModelName: name, InstanceType: 'ml.g4dn.xlarge' as const, InitialInstanceCount: 1 },
  ];
  await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
  await client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
}
