import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { optionsFor } from './aws-servers.ts';
import { type OtherService, sumOf } from './s3-with-sums.ts';

export const STAGE = {
  table: 'jobs',
  media: 'reelmill-dev-media',
  logs: 'reelmill-dev-logs',
  queue: 'https://sqs.us-east-1.amazonaws.com/111122223333/reelmill-dev-drops',
  job: '00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c',
};
const ROLE = 'arn:aws:iam::111122223333:role/reelmill-dev-BulkChangesRole-1';

/** The request that created the last job, as XML. */
export type SeenJob = { created: string; status: 'Active' | 'Complete' | 'Failed' };

/**
 * CloudFormation and S3 Control beside a local S3: what DescribeStacks tells of a stage, and jobs of S3 Batch Operations that
 * compute checksums. Requests, answers, lists and reports have the shapes of the API reference (CreateJob, DescribeJob,
 * S3ComputeObjectChecksumOperation) and of the User Guide ("Examples: S3 Batch Operations completion reports").
 */
export function stageInBuckets(seen: SeenJob): OtherService {
  return async (request, body, behind) => {
    if (request === 'POST /' && body.includes('Action=DescribeStacks')) return describeStacks(body);
    if (request === 'POST /v20180820/jobs') {
      seen.created = body;
      await computeAll(body, behind);
      return { status: 200, xml: `<CreateJobResult><JobId>${STAGE.job}</JobId></CreateJobResult>` };
    }
    if (request.startsWith('GET /v20180820/jobs/'))
      return {
        status: 200,
        xml: `<DescribeJobResult><Job><JobId>${STAGE.job}</JobId><Status>${seen.status}</Status><ProgressSummary><TotalNumberOfTasks>3</TotalNumberOfTasks><NumberOfTasksSucceeded>1</NumberOfTasksSucceeded><NumberOfTasksFailed>0</NumberOfTasksFailed></ProgressSummary></Job></DescribeJobResult>`,
      };
    return undefined;
  };
}

function describeStacks(body: string): { status: number; xml: string } {
  if (!body.includes('StackName=reelmill-dev')) {
    const error = '<Code>ValidationError</Code><Message>Stack with id reelmill-other does not exist</Message>';
    return { status: 400, xml: `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>` };
  }
  const outputs = {
    MediaBucketName: STAGE.media,
    LogBucketName: STAGE.logs,
    JobsTableName: STAGE.table,
    DropsQueueUrl: STAGE.queue,
    BulkChangesRoleArn: ROLE,
    SpendingStopUsd: '100',
    ComputeEnvironments:
      'arn:aws:batch:us-east-1:1:compute-environment/a,arn:aws:batch:us-east-1:1:compute-environment/b',
    SourceBuckets: 'my-archive,gone-archive',
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const id = 'arn:aws:cloudformation:us-east-1:111122223333:stack/reelmill-dev/1';
  const stack = `<member><StackName>reelmill-dev</StackName><StackId>${id}</StackId><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member>`;
  return {
    status: 200,
    xml: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
}

/** Reads the list of the job, and writes its report. */
async function computeAll(job: string, endpoint: string): Promise<void> {
  const client = new S3Client(bucketOptions(optionsFor({ endpoint })));
  const [, bucket = '', list = ''] = /<ObjectArn>arn:aws:s3:::([^/]+)\/([^<]+)<\/ObjectArn>/.exec(job) ?? [];
  const [, prefix = ''] = /<Prefix>([^<]+)<\/Prefix>/.exec(job) ?? [];
  const textOf = async (Bucket: string, Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray();
  const write = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const listed = Buffer.from((await textOf(bucket, list)) ?? []).toString('utf8');
  const good: string[] = [];
  const bad: string[] = [];
  for (const line of listed.split('\n').filter(Boolean)) {
    const [, from = '', key = ''] = /^"([^"]*)","([^"]*)"$/.exec(line) ?? [];
    const bytes = await textOf(from, decodeURIComponent(key)).catch(() => undefined);
    if (!bytes) bad.push(`"${from}","${key}","","failed","NoSuchKey","404","The specified key does not exist."`);
    else {
      const sum = await sumOf(bytes);
      const hex = Buffer.from(sum, 'base64').toString('hex').toUpperCase();
      const message = `{"checksum_base64":"${sum}","etag":"3c3c1813042989094598e4b57ecbdc82","checksumAlgorithm":"CRC64NVME","checksumType":"FULL_OBJECT","checksum_hex":"${hex}"}`;
      good.push(`"${from}","${key}","","succeeded","","200","${message.replaceAll('"', '""')}"`);
    }
  }
  const parts = [
    { status: 'succeeded', key: `${prefix}/job-${STAGE.job}/results/6217b0fa.csv`, rows: good },
    { status: 'failed', key: `${prefix}/job-${STAGE.job}/results/b2ddad41.csv`, rows: bad },
  ].filter(({ rows }) => rows.length > 0);
  for (const { key, rows } of parts) await write(key, `${rows.join('\n')}\n`);
  const report = {
    Format: 'Report_CSV_20180820',
    ReportCreationDate: '2026-11-28T17:48:39.725Z',
    Results: parts.map(({ status, key }) => ({
      ...{ TaskExecutionStatus: status, Bucket: bucket, MD5Checksum: '83b1c4cbe93fc893f54053697e10fd6e', Key: key },
    })),
    ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
  };
  await write(`${prefix}/job-${STAGE.job}/manifest.json`, JSON.stringify(report));
  client.destroy();
}
