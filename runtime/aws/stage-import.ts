import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentOptions } from '../../adapters/aws/client-options.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { asPerson, eachAsPerson } from '../../adapters/aws/refusal.ts';
import { s3Inbox } from '../../adapters/aws/s3-inbox.ts';
import { inventoryKeys, readInventory } from '../../adapters/aws/s3-inventory.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { storedObject } from '../../adapters/aws/s3-stored-sum.ts';
import { ownFolder } from '../../media/process/own-folder.ts';
import { clientsAt } from '../bucket-archive.ts';
import type { StageStack } from './stage-stack.ts';

/** Opens what indexes the bucket of a stage: its objects, its sources, and its job table. */
export async function openStageImport(stack: StageStack, signal: AbortSignal) {
  const { mediaBucket: bucket, jobsTable } = stack;
  const options = clientsAt(stack);
  const s3 = new S3Client(options);
  const db = new DynamoDBClient(options);
  const scratch = await ownFolder('reelmill-import-');
  const store = s3ObjectStore({ ...S3_DEFAULTS, client: s3, bucket, scratch: scratch.path });
  const jobs = dynamoJobStore(DynamoDBDocumentClient.from(db, documentOptions), jobsTable);
  const row = <T>(call: () => Promise<T>) => asPerson(`the job table ${jobsTable}`, call);
  return {
    bucket,
    store,
    jobs: {
      get: (...given: Parameters<typeof jobs.get>) => row(() => jobs.get(...given)),
      create: (...given: Parameters<typeof jobs.create>) => row(() => jobs.create(...given)),
    },
    drops: { ...s3Inbox(s3, bucket), bucket },
    stored: (key: string) => storedObject(s3, bucket, key, signal),
    /** Every key below a prefix, or those of an inventory, which is at `s3://bucket/.../manifest.json`. */
    async *listed(prefix: string): AsyncGenerator<string> {
      for await (const { key } of eachAsPerson(`listing s3://${bucket}/${prefix}`, store.list(prefix))) yield key;
    },
    async *inventory(at: { readonly bucket: string; readonly key: string }): AsyncGenerator<string> {
      yield* inventoryKeys(s3, await readInventory(s3, at, bucket));
    },
    async close(): Promise<void> {
      s3.destroy();
      db.destroy();
      await scratch.remove();
    },
  };
}
