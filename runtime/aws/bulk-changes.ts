import { randomUUID } from 'node:crypto';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateJobCommand, type CreateJobCommandInput, S3ControlClient } from '@aws-sdk/client-s3-control';
import { unless } from '../../adapters/aws/aws-failure.ts';
import { type BulkChange, LARGEST_COPY_BYTES, type ListedFile } from '../../core/storage/bulk-change.ts';
import { SMALLEST_TIERED_BYTES } from '../../core/storage/storage-classes.ts';
import { bucketConfig } from '../config.ts';
import { askingStack, commandOptions, type DeployedStack } from './deployed-stack.ts';

/** The files of a stack, and the one who changes many of them. Throws `usage` where the stage has no role for that. */
export function openBulkChanges(stack: DeployedStack) {
  const bucket = stack.output('MediaBucketName', 'stage');
  const RoleArn = stack.output('BulkChangesRoleArn', 'bulkChanges=yes');
  const s3 = new S3Client(commandOptions(stack.region));
  const { control: server } = bucketConfig();
  const control = new S3ControlClient({
    ...commandOptions(stack.region),
    // AWS's own address has the account in front; a server that replaces it has none.
    ...(server !== undefined && { endpointProvider: () => ({ url: new URL(server) }) }),
  });
  const doing = `asking for the bucket ${bucket}`;
  return {
    bucket,
    async *files(prefix: string): AsyncGenerator<ListedFile> {
      const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })[Symbol.asyncIterator]();
      for (;;) {
        const page = await askingStack(`listing s3://${bucket}/${prefix}`, () => pages.next());
        if (page.done) return;
        for (const { Size = 0, StorageClass = 'STANDARD' } of page.value.Contents ?? []) {
          yield { bytes: Size, storageClass: StorageClass };
        }
      }
    },
    /** The class that a rule of the bucket brings files below a prefix to. */
    async classByRule(prefix: string): Promise<string | undefined> {
      const ask = s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
      const answer = await askingStack(doing, () => unless('NoSuchLifecycleConfiguration', ask));
      const rules = (answer?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
      const its = rules.filter((rule) => prefix.startsWith(rule.Filter?.Prefix ?? rule.Prefix ?? ''));
      return its.flatMap(({ Transitions = [] }) => Transitions).at(-1)?.StorageClass;
    },
    async keepsVersions(): Promise<boolean> {
      const answer = await askingStack(doing, () => s3.send(new GetBucketVersioningCommand({ Bucket: bucket })));
      return answer.Status === 'Enabled';
    },
    /** Starts a job, which lists the files and then waits until somebody lets it run. Returns its id. */
    async start(change: BulkChange): Promise<string> {
      const input = jobOf(change, { stack, bucket, RoleArn });
      const { JobId = '' } = await askingStack('starting a job of S3 Batch Operations', () =>
        control.send(new CreateJobCommand(input)),
      );
      return JobId;
    },
  };
}

type JobPlace = { readonly stack: DeployedStack; readonly bucket: string; readonly RoleArn: string };

function jobOf(change: BulkChange, { stack, bucket, RoleArn }: JobPlace): CreateJobCommandInput {
  const arn = (name: string) => `arn:${stack.partition}:s3:::${name}`;
  const logs = arn(stack.output('LogBucketName', 'stage'));
  const { account: AccountId } = stack;
  return {
    ...{ AccountId, RoleArn, Priority: 10, ClientRequestToken: randomUUID() },
    ConfirmationRequired: true,
    Description: `reelmill storage ${change.kind} ${change.prefix}`.slice(0, 256),
    Operation: operationOf(change, arn(bucket)),
    Report: {
      ...{ Enabled: true, Bucket: logs, Prefix: 'bulk/reports', ExpectedBucketOwner: AccountId },
      ...{ Format: 'Report_CSV_20180820', ReportScope: 'FailedTasksOnly' },
    },
    ManifestGenerator: {
      S3JobManifestGenerator: {
        ...{ SourceBucket: arn(bucket), ExpectedBucketOwner: AccountId, EnableManifestOutput: true },
        ManifestOutputLocation: {
          ...{ Bucket: logs, ManifestPrefix: 'bulk/lists', ExpectedManifestBucketOwner: AccountId },
          ManifestFormat: 'S3InventoryReport_CSV_20211130',
        },
        Filter: filterOf(change),
      },
    },
  };
}

const operationOf = (change: BulkChange, TargetResource: string): CreateJobCommandInput['Operation'] =>
  change.kind === 'reclass'
    ? { S3PutObjectCopy: { TargetResource, StorageClass: change.storageClass, MetadataDirective: 'COPY' } }
    : { S3PutObjectTagging: { TagSet: Object.entries(change.tags).map(([Key, Value]) => ({ Key, Value })) } };

const READABLE = ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] as const;

/** Returns the filter by which S3 lists the files that `tallyOf` counted. S3's limits of sizes are exclusive. */
function filterOf(change: BulkChange) {
  const KeyNameConstraint = { MatchAnyPrefix: [change.prefix] };
  if (change.kind === 'retag') return { KeyNameConstraint };
  return {
    KeyNameConstraint,
    ObjectSizeGreaterThanBytes: SMALLEST_TIERED_BYTES - 1,
    ObjectSizeLessThanBytes: LARGEST_COPY_BYTES + 1,
    MatchAnyStorageClass: READABLE.filter((name) => name !== change.storageClass),
  };
}
