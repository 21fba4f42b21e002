import { gunzipSync } from 'node:zlib';
import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

/**
 * What is read of a job's row.
 * @typedef {{ id: string, source: string, state: { status: string, reason?: string }, sent?: { reference: string } }} Row
 */

/** As adapters/aws/jobs-table.ts spreads the jobs that are not done. */
const SHARDS = [...'0123456789abcdef'];
const LOG_LINES = 12;

/**
 * Looks at the one job that a drop becomes.
 * @param {import('./stack.mjs').Stack} stack
 * @param {string} key  of the drop
 */
export function openJobWatch({ outputs, region }, key) {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({ region }));
  const batch = new BatchClient({ region });
  const s3 = new S3Client({ region });
  const TableName = outputs.JobsTableName;
  /** @type {string | undefined} */
  let id;

  /** @returns {Promise<Row | undefined>} */
  const row = async () => {
    id ??= await openJobOf(db, TableName, key);
    if (id === undefined) return undefined;
    const { Item } = await db.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return /** @type {Row | undefined} */ (Item);
  };
  const batchJob = async (/** @type {Row | undefined} */ job) => {
    const reference = job?.sent?.reference;
    if (reference === undefined || reference.startsWith('arn:')) return undefined; // a workflow has jobs of its own
    return (await batch.send(new DescribeJobsCommand({ jobs: [reference] }))).jobs?.[0];
  };

  return {
    /** Where the job is, in a few words. */
    async state() {
      const job = await row();
      if (!job) return 'no job yet: the drop waits in its queue';
      const at = await batchJob(job);
      const inBatch = at ? `; Batch has it ${at.status}${at.statusReason ? ` (${at.statusReason})` : ''}` : '';
      return `job ${job.id} is ${job.state.status}${inBatch}`;
    },
    /**
     * All that is known of why it failed: what Batch says, the exit code, the container's last lines.
     * @param {string} [known]  the job's id, where a notice has told it
     * @returns {Promise<string[]>}
     */
    async trouble(known) {
      id ??= known;
      const job = await row();
      if (!job) return ['there is no job of it: the runbook says what to look at (docs/runbook.md, drops-dead)'];
      const at = await batchJob(job);
      const { exitCode, reason } = at?.attempts?.at(-1)?.container ?? at?.container ?? {};
      return [
        at && `Batch: ${at.status}${at.statusReason ? `, ${at.statusReason}` : ''}`,
        exitCode !== undefined && `the container's exit code: ${exitCode}${reason ? `, ${reason}` : ''}`,
        ...(await lastLines(s3, `${outputs.LogBucketName}`, job.id)),
      ].filter((line) => typeof line === 'string');
    },
  };
}

/**
 * @param {DynamoDBDocumentClient} db
 * @param {string | undefined} TableName
 * @param {string} source
 * @returns {Promise<string | undefined>}
 */
async function openJobOf(db, TableName, source) {
  for (const shard of SHARDS) {
    const names = { ExpressionAttributeNames: { '#open': 'open' }, ExpressionAttributeValues: { ':shard': shard } };
    const newest = { IndexName: 'open', KeyConditionExpression: '#open = :shard', ScanIndexForward: false, Limit: 20 };
    const { Items = [] } = await db.send(new QueryCommand({ TableName, ...newest, ...names }));
    for (const { id } of Items) {
      const { Item } = await db.send(new GetCommand({ TableName, Key: { id } }));
      if (Item?.source === source) return id;
    }
  }
  return undefined;
}

/**
 * Of the newest log that a container of the job has left.
 * @param {S3Client} s3
 * @param {string} Bucket
 * @param {string} id
 * @returns {Promise<string[]>}
 */
async function lastLines(s3, Bucket, id) {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `tasks/${id}/` }));
  const newest = Contents.sort((a, b) => Number(a.LastModified) - Number(b.LastModified)).at(-1);
  if (!newest?.Key) return [`s3://${Bucket}/tasks/${id}/ is empty: no container came so far as to write its log`];
  const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: newest.Key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const text = (ContentEncoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  return [`the last of s3://${Bucket}/${newest.Key}:`, ...text.trimEnd().split('\n').slice(-LOG_LINES)];
}
