import { ServiceError } from '../../core/errors.ts';
import { bucketsOf } from '../archive-transfer.ts';
import { deployedStack } from './deployed-stack.ts';

/** Where a deployed stage keeps its files and its jobs. */
export type StageStack = {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly mediaBucket: string;
  readonly logBucket: string;
  readonly jobsTable: string;
  /** The address of the queue that S3 tells of drops. */
  readonly dropsQueue: string;
  /** Other buckets in which sources may lie (the setting sourceBuckets). */
  readonly sourceBuckets: readonly string[];
  /** The stop at a sum of a month, where the stage has one (the setting spendingStopUsd). */
  readonly spending: { readonly limitUsd: number; readonly environments: readonly string[] } | undefined;
  /** The role by which S3 Batch Operations works, where the stage has one (the setting bulkChanges). */
  readonly bulkRole: string | undefined;
};

/** Looks up the stack of a stage. Throws as `deployedStack`, and `no-input` for a stack that was not made whole. */
export async function stageStack(
  stage: string,
  asked: { readonly region?: string | undefined; readonly endpoint?: string | undefined },
): Promise<StageStack> {
  const { endpoint } = bucketsOf(asked);
  const { account, region, name, find } = await deployedStack(stage, asked.region, endpoint);
  const needed = (output: string) => {
    const value = find(output);
    if (value !== undefined) return value;
    throw new ServiceError('no-input', `the stack ${name} tells no ${output}; is it deployed to its end?`);
  };
  return {
    ...{ account, region, endpoint },
    mediaBucket: needed('MediaBucketName'),
    logBucket: needed('LogBucketName'),
    jobsTable: needed('JobsTableName'),
    dropsQueue: needed('DropsQueueUrl'),
    sourceBuckets: (find('SourceBuckets') ?? '').split(',').filter(Boolean),
    spending: spendingOf(find('SpendingStopUsd'), find('ComputeEnvironments')),
    bulkRole: find('BulkChangesRoleArn'),
  };
}

const spendingOf = (limit: string | undefined, environments: string | undefined): StageStack['spending'] =>
  limit === undefined || environments === undefined
    ? undefined
    : { limitUsd: Number(limit), environments: environments.split(',') };
