import { createHash, randomUUID } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateJobCommand, DescribeJobCommand, type S3ControlClient } from '@aws-sdk/client-s3-control';
import {
  type ChecksumReport,
  type ComputedSum,
  checksumReport,
  computedSum,
  objectList,
} from '../../core/archive/checksum-job.ts';
import { csvRows } from '../../core/archive/csv.ts';
import { ServiceError } from '../../core/errors.ts';
import { asPerson } from './refusal.ts';

type ChecksumPlaces = {
  readonly account: string;
  /** The bucket of the objects. */
  readonly bucket: string;
  /** Where the list of objects and the report are written: a bucket, and a prefix that ends in a slash. */
  readonly lists: { readonly bucket: string; readonly prefix: string };
  /** The role by which S3 Batch Operations reads the objects, and writes the report. */
  readonly role: string | undefined;
};

type Clients = { readonly s3: S3Client; readonly control: S3ControlClient };

type JobProgress =
  | { readonly state: 'running'; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'complete' };

/** Jobs of S3 Batch Operations that read objects where they lie, and compute their CRC64NVME. */
export function checksumJobs({ s3, control }: Clients, places: ChecksumPlaces) {
  const { account: AccountId, bucket, lists, role } = places;
  const arnOf = (name: string) => `arn:${partitionOf(role)}:s3:::${name}`;
  return {
    /** Starts a job over these keys, and returns its id. */
    async start(keys: readonly string[]): Promise<string> {
      const Body = objectList(bucket, keys);
      const Key = `${lists.prefix}verify-${createHash('sha256').update(Body).digest('hex').slice(0, 16)}.csv`;
      const put = new PutObjectCommand({ Bucket: lists.bucket, Key, Body, ContentType: 'text/csv' });
      const { ETag } = await asPerson(`writing s3://${lists.bucket}/${Key}`, () => s3.send(put));
      const command = new CreateJobCommand({
        AccountId,
        ClientRequestToken: randomUUID(),
        ConfirmationRequired: false,
        Priority: 10,
        RoleArn: role,
        Description: `reelmill archive verify: ${keys.length} objects of ${bucket}`,
        Operation: { S3ComputeObjectChecksum: { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } },
        Manifest: {
          Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
          Location: { ObjectArn: `${arnOf(lists.bucket)}/${Key}`, ETag: ETag?.replaceAll('"', '') },
        },
        Report: {
          Enabled: true,
          Bucket: arnOf(lists.bucket),
          Prefix: lists.prefix.replace(/\/$/, ''),
          Format: 'Report_CSV_20180820',
          ReportScope: 'AllTasks',
          ExpectedBucketOwner: AccountId,
        },
      });
      const { JobId } = await asPerson('creating a job of S3 Batch Operations', () => control.send(command));
      if (JobId === undefined) throw new Error('S3 created a job without an id');
      return JobId;
    },

    async progress(JobId: string): Promise<JobProgress> {
      const command = new DescribeJobCommand({ AccountId, JobId });
      const { Job } = await asPerson(`looking at the job ${JobId}`, () => control.send(command));
      const { Status = '', ProgressSummary, FailureReasons = [] } = Job ?? {};
      if (Status === 'Complete') return { state: 'complete' };
      const why = FailureReasons.map(({ FailureReason }) => FailureReason ?? '').join('; ');
      if (/^(Failed|Cancelled)$/.test(Status)) return { state: 'failed', why: `${Status} ${why}`.trim() };
      const { NumberOfTasksSucceeded: good = 0, NumberOfTasksFailed: bad = 0 } = ProgressSummary ?? {};
      return { state: 'running', done: good + bad, total: ProgressSummary?.TotalNumberOfTasks ?? 0 };
    },

    /** Gives what a completed job says of each object. Throws `no-input` where its report is not there. */
    async *sums(job: string): AsyncGenerator<ComputedSum> {
      const key = `${lists.prefix}job-${job}/manifest.json`;
      const { lists: parts, fields } = await reportAt(key);
      for (const part of parts) {
        const piece = await objectText(part.bucket, part.key);
        for await (const row of csvRows(piece)) {
          const sum = computedSum(row, fields);
          if (sum) yield sum;
        }
      }
    },
  };

  async function reportAt(key: string): Promise<ChecksumReport> {
    let text = '';
    for await (const piece of await objectText(lists.bucket, key)) text += piece;
    return checksumReport(text);
  }

  async function objectText(Bucket: string, Key: string): Promise<AsyncIterable<string>> {
    const command = new GetObjectCommand({ Bucket, Key });
    const { Body } = await asPerson(`reading s3://${Bucket}/${Key}`, () => s3.send(command));
    if (!Body) throw new ServiceError('busy', `S3 gave nothing of s3://${Bucket}/${Key}; try again`);
    return textOf(Body.transformToWebStream());
  }
}

async function* textOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read())
    yield decoder.decode(part.value, { stream: true });
  yield decoder.decode();
}

/** The partition of an ARN: aws, aws-cn, aws-us-gov. */
const partitionOf = (arn: string | undefined) => arn?.split(':')[1] ?? 'aws';
