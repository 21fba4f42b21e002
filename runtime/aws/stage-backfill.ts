import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentOptions } from '../../adapters/aws/client-options.ts';
import { sendDrops } from '../../adapters/aws/drops-queue.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { sourceInbox } from '../../adapters/aws/other-buckets.ts';
import { asPerson, eachAsPerson } from '../../adapters/aws/refusal.ts';
import { s3ListClasses } from '../../adapters/aws/s3-list-classes.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { type Backfill, sourceInBucket } from '../../core/job/backfilled.ts';
import { clientsAt } from '../bucket-archive.ts';
import { bucketMenu } from './bucket-menu.ts';
import type { StageStack } from './stage-stack.ts';

/** Opens a stage for a backfill: what lies in buckets, which jobs there are, and the queue of drops. */
export function openStageBackfill({ mediaBucket, jobsTable, dropsQueue, ...stack }: StageStack) {
  const options = clientsAt(stack);
  const s3 = new S3Client(options);
  const plain = new DynamoDBClient(options);
  const db = DynamoDBDocumentClient.from(plain, documentOptions);
  // a queue's address names AWS, even where another server stands in for it
  const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  const jobs = dynamoJobStore(db, jobsTable);
  const demand = dynamoDemandStore(db, jobsTable);
  const objects = s3SmallObjects(s3, mediaBucket);
  const inbox = sourceInbox(s3, mediaBucket);
  const row = <T>(call: () => Promise<T>) => asPerson(`the job table ${jobsTable}`, call);
  return {
    store: mediaBucket,
    // settings and headers are checked by on-drop, which knows what machines there are
    rules: { jobPer: 'upload', checksAhead: false } as const,
    clock: systemClock,
    menu: bucketMenu({
      read: (key) => asPerson(`reading s3://${mediaBucket}/${key}`, () => objects.read(key)),
    }),
    inbox: {
      inspect: (key: string) => asPerson(`looking at ${key}`, () => inbox.inspect(key)),
      measure: (key: string) => asPerson(`reading ${key}`, () => inbox.measure(key)),
      list: (prefix: string) => eachAsPerson(`listing ${prefix}`, inbox.list(prefix)),
    },
    jobs: {
      get: (...given: Parameters<typeof jobs.get>) => row(() => jobs.get(...given)),
      list: (...given: Parameters<typeof jobs.list>) => row(() => jobs.list(...given)),
    },
    demand: {
      ...demand,
      of: (...given: Parameters<typeof demand.of>) => row(() => demand.of(...given)),
    },
    deliver: (drops: readonly Backfill[]) =>
      asPerson(`the queue ${dropsQueue}`, () => sendDrops(sqs, dropsQueue, drops, 'Backfill')),
    /** What lies below a prefix of a bucket, by default the stage's own, each with its name as a source. */
    async *listed({ bucket = mediaBucket, prefix }: { readonly bucket?: string | undefined; readonly prefix: string }) {
      const doing = `listing s3://${bucket}/${prefix}`;
      for await (const object of eachAsPerson(doing, s3ListClasses(s3, bucket, prefix)))
        yield { ...object, source: bucket === mediaBucket ? object.key : sourceInBucket(bucket, object.key) };
    },
    close() {
      for (const client of [s3, plain, sqs]) client.destroy();
    },
  };
}
