import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Job, type JobId, jobId, jobSchema } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { asking, unless } from './aws-failure.ts';
import { keysBeginning, keysByTime, readAll } from './dynamo-listing.ts';
import { attributesOf, shardOf } from './jobs-table.ts';
import { type Change, updateExpression } from './update-expression.ts';

const REFUSED = 'ConditionalCheckFailedException';
const HELD = '#lease.#owner = :owner';
const FREE = `attribute_not_exists(#lease) OR ${HELD} OR #lease.#until <= :now`;

type Update = { readonly id: JobId } & Change;

/**
 * The job table. Every change is one conditional write, so that of two who try one wins. Where the answer to a write is
 * lost, the SDK writes again: leases are given to their owner twice, and what breaks its own condition (to create, to
 * advance) leaves a mark by which it is told from a lost race.
 */
export function dynamoJobStore(db: DynamoDBDocumentClient, TableName: string): JobStore {
  /** Returns true if the job was updated, false if it does not exist or does not meet the condition. */
  const update = ({ id, ...change }: Update) =>
    asking(`change job ${id}`, async () => {
      const command = new UpdateCommand({ TableName, Key: { id }, ...updateExpression(change) });
      return (await unless(REFUSED, db.send(command))) !== undefined;
    });

  const isMarked = (id: JobId, by: string) =>
    asking(`read job ${id}`, async () => {
      const { Item } = await db.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
      return Item?.by === by;
    });

  return {
    create: (job) =>
      asking(`create job ${job.id}`, async () => {
        const by = randomUUID();
        const Item = { ...job, ...attributesOf(job), shard: shardOf(job.id), by };
        const command = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' });
        return (await unless(REFUSED, db.send(command))) !== undefined || isMarked(job.id, by);
      }),

    get: (id) =>
      asking(`read job ${id}`, async () => {
        const { Item } = await db.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
        return Item && jobSchema.parse(Item);
      }),

    idsBeginning: (start, most) =>
      asking('look for jobs', async () =>
        (await keysBeginning(db, TableName, start, most)).map(({ id }) => jobId.parse(id)),
      ),

    list: (limit) =>
      asking('list jobs', async () => {
        const keys = await keysByTime(db, TableName, { index: 'newest', order: 'newest', limit });
        return newestFirst(await readAll(db, TableName, keys));
      }),

    listOpen: (before, limit) =>
      asking('list open jobs', async () => {
        const keys = await keysByTime(db, TableName, { index: 'open', order: 'oldest', toMs: before - 1, limit });
        return newestFirst(await readAll(db, TableName, keys)).toReversed();
      }),

    claim: (id, lease, nowMs) =>
      update({
        id,
        set: { lease },
        if: `attribute_exists(id) AND (${FREE})`,
        with: { owner: lease.owner, now: nowMs },
      }),

    save: ({ id, createdMs: _, sent: __, burst: ___, usage: ____, partFailure: _____, ...record }, owner) =>
      update({ id, set: { ...record, ...attributesOf({ id, ...record }) }, if: HELD, with: { owner } }),

    note: (id, notes) => update({ id, set: notes, if: 'attribute_exists(id)', with: {} }),

    advance: async (id, from, state, nowMs) => {
      const by = randomUUID();
      const moved = attributesOf({ id, state, updatedMs: nowMs });
      const again =
        state.status === 'queued'
          ? { sent: undefined, burst: undefined, usage: undefined, partFailure: undefined, lease: undefined }
          : {};
      const isDone = await update({ id, set: { ...moved, ...again, by }, if: '#status = :from', with: { from } });
      return isDone || isMarked(id, by);
    },

    release: async (id, owner) => {
      await update({ id, set: { lease: undefined }, if: HELD, with: { owner } });
    },
  };
}

const newestFirst = (jobs: readonly Job[]): readonly Job[] => jobs.toSorted((a, b) => b.createdMs - a.createdMs);
