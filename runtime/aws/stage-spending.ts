import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentOptions } from '../../adapters/aws/client-options.ts';
import { computeEnvironments } from '../../adapters/aws/compute-environments.ts';
import { sendDrops } from '../../adapters/aws/drops-queue.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { dynamoSpending } from '../../adapters/aws/dynamo-spending.ts';
import { asPerson } from '../../adapters/aws/refusal.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { Backfill } from '../../core/job/backfilled.ts';
import { clientsAt } from '../bucket-archive.ts';
import type { StageStack } from './stage-stack.ts';

/** Opens what a stage has spent, its machines, and the jobs that wait for both. */
export function openStageSpending({ jobsTable, dropsQueue, ...stack }: StageStack, environments: readonly string[]) {
  const options = clientsAt(stack);
  const plain = new DynamoDBClient(options);
  const db = DynamoDBDocumentClient.from(plain, documentOptions);
  const batch = new BatchClient(options);
  // a queue's address names AWS, even where another server stands in for it
  const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  const ledger = dynamoSpending(db, jobsTable);
  const machines = computeEnvironments(batch, environments);
  const jobs = dynamoJobStore(db, jobsTable);
  const row = <T>(call: () => Promise<T>) => asPerson(`the job table ${jobsTable}`, call);
  return {
    clock: systemClock,
    jobs: { listOpen: (...given: Parameters<typeof jobs.listOpen>) => row(() => jobs.listOpen(...given)) },
    ledger: {
      of: (...given: Parameters<typeof ledger.of>) => row(() => ledger.of(...given)),
      add: (...given: Parameters<typeof ledger.add>) => row(() => ledger.add(...given)),
      stop: (...given: Parameters<typeof ledger.stop>) => row(() => ledger.stop(...given)),
      open: (...given: Parameters<typeof ledger.open>) => row(() => ledger.open(...given)),
      started: (...given: Parameters<typeof ledger.started>) => row(() => ledger.started(...given)),
    },
    machines: {
      setRunning: (isRunning: boolean) =>
        asPerson('starting the compute environments', () => machines.setRunning(isRunning)),
    },
    deliver: (drops: readonly Backfill[]) =>
      asPerson(`the queue ${dropsQueue}`, () => sendDrops(sqs, dropsQueue, drops, 'Retry')),
    close() {
      for (const client of [plain, batch, sqs]) client.destroy();
    },
  };
}
