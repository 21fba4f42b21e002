import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type Job, jobSchema } from '../../core/job/job.ts';
import { SHARDS, shardOf } from './jobs-table.ts';

type Key = { readonly id: string; readonly createdMs: number };
const keySchema = z.object({ id: z.string(), createdMs: z.number() });

/** Which keys are listed: the first `limit` in an order, of all jobs (`newest`) or of those that are not over (`open`), made between two times or at them. */
type Listing = {
  readonly index: 'newest' | 'open';
  readonly order: 'newest' | 'oldest';
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
};

/** BatchGetItem takes at most this many keys. */
const KEYS_AT_ONCE = 100;

/** Returns the first keys of an index, over all its shards. */
export async function keysByTime(db: DynamoDBDocumentClient, table: string, listing: Listing): Promise<readonly Key[]> {
  const perShard = await Promise.all(SHARDS.map((shard) => shardKeys(db, table, shard, listing)));
  const sign = listing.order === 'newest' ? -1 : 1;
  return perShard
    .flat()
    .sort((a, b) => sign * (a.createdMs - b.createdMs))
    .slice(0, listing.limit);
}

async function shardKeys(
  db: DynamoDBDocumentClient,
  TableName: string,
  shard: string,
  { index, order, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, limit }: Listing,
): Promise<readonly Key[]> {
  const query = {
    TableName,
    IndexName: index,
    KeyConditionExpression: '#shard = :shard AND createdMs BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#shard': index === 'open' ? 'open' : 'shard' },
    ExpressionAttributeValues: { ':shard': shard, ':from': fromMs, ':to': toMs },
    ScanIndexForward: order === 'oldest',
  };
  return firstKeys(db, limit, (found) => ({ ...query, Limit: limit - found }));
}

/** Returns the keys that the pages of a query give, until there are enough of them. `asked` is the query of a page, after so many keys. */
async function firstKeys(
  db: DynamoDBDocumentClient,
  most: number,
  asked: (found: number) => QueryCommandInput,
): Promise<readonly Key[]> {
  const keys: Key[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await db.send(new QueryCommand({ ...asked(keys.length), ExclusiveStartKey: from }));
    keys.push(...(page.Items ?? []).map((item) => keySchema.parse(item)));
    from = page.LastEvaluatedKey;
  } while (from && keys.length < most);
  return keys;
}

/** Returns the keys of jobs whose ids begin so. They are all in one shard, whose index is read until enough are found. */
export async function keysBeginning(
  db: DynamoDBDocumentClient,
  TableName: string,
  start: string,
  most: number,
): Promise<readonly Key[]> {
  const query = {
    TableName,
    IndexName: 'newest',
    KeyConditionExpression: '#shard = :shard',
    FilterExpression: 'begins_with(#id, :start)',
    ExpressionAttributeNames: { '#shard': 'shard', '#id': 'id' },
    ExpressionAttributeValues: { ':shard': shardOf(start), ':start': start },
  };
  return (await firstKeys(db, most, () => query)).slice(0, most);
}

/** Returns the jobs with these keys, in no order. Jobs that have expired meanwhile are left out. */
export async function readAll(
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) {
    let wanted: Record<string, unknown>[] = keys.slice(i, i + KEYS_AT_ONCE).map(({ id }) => ({ id }));
    while (wanted.length > 0) {
      const page = await db.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      jobs.push(...(page.Responses?.[table] ?? []).map((item) => jobSchema.parse(item)));
      wanted = page.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return jobs;
}
