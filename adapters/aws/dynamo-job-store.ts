import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Job, type JobId, jobSchema } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { asking, unless } from './aws-failure.ts';
import { keysByTime, readAll } from './dynamo-listing.ts';
import { attributesOf, shardOf } from './jobs-table.ts';
import { type Change, updateExpression } from './update-expression.ts';

const REFUSED = 'ConditionalCheckFailedException';
const HELD = '#lease.#owner = :owner';
const FREE = `attribute_not_exists(#lease) OR ${HELD} OR #lease.#until <= :now`;

type Update = { readonly id: JobId } & Change;

/**
 * The job table in DynamoDB. Every change is one conditional write, so that only one of two concurrent writers succeeds. A
 * write that succeeded but was answered with an error, and is repeated, looks like a lost race.
 */
export function dynamoJobStore(db: DynamoDBDocumentClient, TableName: string): JobStore {
  /** Returns true if the job was updated, false if it does not exist or does not meet the condition. */
  const update = ({ id, ...change }: Update) =>
    asking(`change job ${id}`, async () => {
      const command = new UpdateCommand({ TableName, Key: { id }, ...updateExpression(change) });
      return (await unless(REFUSED, db.send(command))) !== undefined;
    });

  return {
    create: (job) =>
      asking(`create job ${job.id}`, async () => {
        const Item = { ...job, ...attributesOf(job), shard: shardOf(job.id) };
        const command = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' });
        return (await unless(REFUSED, db.send(command))) !== undefined;
      }),

    get: (id) =>
      asking(`read job ${id}`, async () => {
        const { Item } = await db.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
        return Item && jobSchema.parse(Item);
      }),

    list: (limit) =>
      asking('list jobs', async () =>
        newestFirst(await readAll(db, TableName, await keysByTime(db, TableName, { index: 'newest', limit }))),
      ),

    listOpen: (before, limit) =>
      asking('list open jobs', async () => {
        const keys = await keysByTime(db, TableName, { index: 'open', before, limit });
        return newestFirst(await readAll(db, TableName, keys)).toReversed();
      }),

    claim: (id, lease, nowMs) =>
      update({
        id,
        set: { lease },
        if: `attribute_exists(id) AND (${FREE})`,
        with: { owner: lease.owner, now: nowMs },
      }),

    save: ({ id, createdMs: _, sent: __, usage: ___, partFailure: ____, ...record }, owner) =>
      update({ id, set: { ...record, ...attributesOf({ id, ...record }) }, if: HELD, with: { owner } }),

    note: (id, notes) => update({ id, set: notes, if: 'attribute_exists(id)', with: {} }),

    advance: (id, from, state, nowMs) => {
      const moved = attributesOf({ id, state, updatedMs: nowMs });
      const again =
        state.status === 'queued'
          ? { sent: undefined, usage: undefined, partFailure: undefined, lease: undefined }
          : {};
      return update({ id, set: { ...moved, ...again }, if: '#status = :from', with: { from } });
    },

    release: async (id, owner) => {
      await update({ id, set: { lease: undefined }, if: HELD, with: { owner } });
    },
  };
}

const newestFirst = (jobs: readonly Job[]): readonly Job[] => jobs.toSorted((a, b) => b.createdMs - a.createdMs);
