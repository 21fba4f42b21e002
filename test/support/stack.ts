import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bucketOptions, clientOptions, documentOptions } from '../../adapters/aws/client-options.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { burstListKey, containerReference, jobsInContainer } from '../../core/job/burst-list.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { dynaliteServer, fauxqsServer, optionsFor } from './aws-servers.ts';
import { type BatchServer, batchServer } from './batch-server.ts';
import { type FaultyProxy, faultyProxy } from './faulty-proxy.ts';
import { newJobsTable } from './jobs-table.ts';

/** Servers for all that the functions talk to, each behind a proxy that can fail, and an environment that names them. */
export type Stack = {
  readonly s3: S3Client;
  readonly jobs: JobStore;
  readonly batch: BatchServer;
  readonly faults: {
    readonly s3: FaultyProxy;
    readonly dynamo: FaultyProxy;
    readonly batch: FaultyProxy;
    readonly sns: FaultyProxy;
  };
  /** The jobs that were sent to Batch, one by one or in a burst, each with what it is referred to by. */
  sent(): Promise<readonly SentToBatch[]>;
  /** What people and programs were told since the last call. */
  told(): Promise<readonly string[]>;
  close(): Promise<void>;
};

export type SentToBatch = { readonly job: string; readonly key: string; readonly reference: string };

const BUCKET = 'media';

/** Sets the environment of this test's process: import functions only after it. `direct`: past the proxies, for speed. */
export async function openStack({ direct = false } = {}): Promise<Stack> {
  const storage = await fauxqsServer();
  const submissions = await batchServer();
  const documents = await dynaliteServer();
  const faults = {
    s3: await faultyProxy(storage),
    sns: await faultyProxy({ ...storage, close: async () => {} }),
    dynamo: await faultyProxy(documents),
    batch: await faultyProxy(submissions),
  };
  const s3 = new S3Client(bucketOptions(optionsFor(storage)));
  const sns = new SNSClient(clientOptions(optionsFor(storage)));
  const sqs = new SQSClient(clientOptions(optionsFor(storage)));
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(faults.dynamo))), documentOptions);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const table = await newJobsTable(db);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'notices' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: TopicArn.replace(':sns:', ':sqs:') }));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: (direct ? storage : faults.s3).endpoint,
    AWS_ENDPOINT_URL_SNS: (direct ? storage : faults.sns).endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: (direct ? documents : faults.dynamo).endpoint,
    AWS_ENDPOINT_URL_BATCH: (direct ? submissions : faults.batch).endpoint,
    AWS_ENDPOINT_URL_SFN: (direct ? submissions : faults.batch).endpoint,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: (direct ? submissions : faults.batch).endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: submissions.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: (direct ? submissions : faults.batch).endpoint,
    STAGE: 'test',
    LOGS: 'none',
    MEDIA_BUCKET: BUCKET,
    LOG_BUCKET: 'logs',
    VERIFY_MONTHS: '1',
    JOBS_TABLE: table,
    BATCH_QUEUE: 'encode',
    BATCH_QUEUE_ONDEMAND: 'encode-on-demand',
    BATCH_QUEUE_GPU: 'gpu',
    BATCH_QUEUE_GPU_ONDEMAND: 'gpu-on-demand',
    ENCODE_JOB_DEFINITIONS: 'encode:1 encode-50:1 encode-100:1 encode-200:1',
    DISKS_GIB: '21 50 100 200 /',
    UPSCALE_JOB_DEFINITION: 'upscale:1',
    UPSCALE_ON_CPU_JOB_DEFINITION: 'upscale-on-cpu:1',
    SPOT_PATIENCE_MINUTES: '45',
    RESTORE_TIER: 'bulk',
    SPENDING_STOP_USD: '0',
    COMPUTE_ENVIRONMENTS:
      'arn:aws:batch:us-east-1:1:compute-environment/a,arn:aws:batch:us-east-1:1:compute-environment/b',
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:workflow',
    NOTICE_TOPIC_ARN: TopicArn,
    SLACK_SECRET_ARN: 'slack',
  });

  return {
    s3,
    jobs: dynamoJobStore(db, table),
    batch: submissions,
    faults,
    async sent() {
      const all = submissions.submitted.map(async ({ jobId, size, environment }) => {
        const { REELMILL_BURST: burst, JOB_ID: job = '', S3_KEY: key = '' } = environment;
        if (burst === undefined) return [{ job, key, reference: jobId }];
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: burstListKey(burst) }));
        const list = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return Array.from({ length: size }, (_, index) =>
          jobsInContainer(list, index).map((each) => ({
            ...each,
            reference: containerReference(jobId, { index, of: size }),
          })),
        ).flat();
      });
      return (await Promise.all(all)).flat();
    },
    async told() {
      const texts: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return texts;
        texts.push(...Messages.map(({ Body = '' }) => String(JSON.parse(Body).Message)));
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async close() {
      for (const client of [s3, sns, sqs, db]) client.destroy();
      for (const proxy of Object.values(faults)) await proxy.close();
    },
  };
}
