import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsSteering } from '../../adapters/aws/aws-steering.ts';
import { documentOptions } from '../../adapters/aws/client-options.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { asPerson } from '../../adapters/aws/refusal.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { DemandStore } from '../../core/ports/demand-store.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { Steering } from '../../core/ports/steering.ts';
import { clientsAt } from '../bucket-archive.ts';
import { bucketMenu } from './bucket-menu.ts';
import type { StageStack } from './stage-stack.ts';

type StagePorts = {
  readonly jobs: Pick<JobStore, 'get' | 'list' | 'idsBeginning' | 'advance' | 'note'>;
  readonly demand: Pick<DemandStore, 'count' | 'of'>;
  readonly steering: Steering;
  readonly menu: ReturnType<typeof bucketMenu>;
  readonly clock: typeof systemClock;
  close(): void;
};

/** Opens the job table of a stage for a person, and what steers its jobs. What AWS refuses is told in one sentence. */
export function openStageJobs(stack: StageStack): StagePorts {
  const { mediaBucket: bucket, jobsTable, dropsQueue } = stack;
  const options = clientsAt(stack);
  const plain = new DynamoDBClient(options);
  const db = DynamoDBDocumentClient.from(plain, documentOptions);
  const clients = {
    batch: new BatchClient(options),
    sfn: new SFNClient(options),
    // a queue's address names AWS, even where another server stands in for it
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
  };
  const s3 = new S3Client(options);
  const jobs = dynamoJobStore(db, jobsTable);
  const demand = dynamoDemandStore(db, jobsTable);
  const steering = awsSteering(clients, dropsQueue);
  const objects = s3SmallObjects(s3, bucket);
  const row = <T>(call: () => Promise<T>) => asPerson(`the job table ${jobsTable}`, call);
  return {
    jobs: {
      get: (...given) => row(() => jobs.get(...given)),
      list: (...given) => row(() => jobs.list(...given)),
      idsBeginning: (...given) => row(() => jobs.idsBeginning(...given)),
      advance: (...given) => row(() => jobs.advance(...given)),
      note: (...given) => row(() => jobs.note(...given)),
    },
    demand: {
      count: (...given) => row(() => demand.count(...given)),
      of: (...given) => row(() => demand.of(...given)),
    },
    steering: {
      retry: (job) => asPerson(`the queue ${dropsQueue}`, () => steering.retry(job)),
      stop: (job) => asPerson(`ending job ${job.id}`, () => steering.stop(job)),
    },
    menu: bucketMenu({ read: (key) => asPerson(`reading s3://${bucket}/${key}`, () => objects.read(key)) }),
    clock: systemClock,
    close() {
      for (const client of [...Object.values(clients), plain, s3]) client.destroy();
    },
  };
}
