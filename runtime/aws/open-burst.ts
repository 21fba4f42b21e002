import { availableParallelism, totalmem } from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod/mini';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { filmsAtOnce } from '../../core/dispatch/films-at-once.ts';
import { ServiceError } from '../../core/errors.ts';
import { burstListKey, jobsInContainer } from '../../core/job/burst-list.ts';
import type { BURST_ENVIRONMENT, StackConfig } from '../config.ts';
import { documents } from './documents.ts';
import { taskOptions } from './options.ts';

export type BurstConfig = z.infer<typeof BURST_ENVIRONMENT>;

/** Reads which jobs this container is for, and opens what tells of them. Throws `no-input` without the burst's list. */
export async function openBurst(stack: StackConfig<'task'>, config: BurstConfig) {
  const { S3_BUCKET, REELMILL_BURST, AWS_BATCH_JOB_ARRAY_INDEX: index = '0' } = config;
  const options = taskOptions();
  const key = burstListKey(REELMILL_BURST);
  const list = await s3SmallObjects(new S3Client(bucketOptions(options)), S3_BUCKET).read(key);
  if (!list)
    throw new ServiceError('no-input', `there is no list ${key} in the bucket, so that this container has no jobs`);
  return {
    listed: jobsInContainer(list, Number(index)),
    jobs: dynamoJobStore(documents(options), stack.JOBS_TABLE),
    films: filmsAtOnce(availableParallelism(), totalmem()),
  };
}
