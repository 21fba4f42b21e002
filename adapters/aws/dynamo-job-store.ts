import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Job, type JobId, jobSchema } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { asking, unless } from './aws-failure.ts';
import { keysByTime, readAll } from './dynamo-listing.ts';
import { attributesOf, shardOf } from './jobs-table.ts';
import { type Changes, updateExpression } from './update-expression.ts';

const REFUSED = 'ConditionalCheckFailedException';

/**
 * The job table. Every change is one conditional write, so that of two who try one wins; a write that was answered with
 * an error and repeated finds its own condition broken only where that cannot tell it from a lost race.
 */
export function dynamoJobStore(db: DynamoDBDocumentClient, TableName: string): JobStore {
  const update = (doing: string, id: JobId, changes: Changes, condition: string, values: Changes = {}) =>
    asking(`${doing} job ${id}`, async () => {
      const command = new UpdateCommand({ TableName, Key: { id }, ...updateExpression(changes, condition, values) });
      return (await unless(REFUSED, db.send(command))) !== undefined;
    });

  const store: JobStore = {
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
      update(
        'claim',
        id,
        { lease },
        'attribute_exists(id) AND (attribute_not_exists(#lease) OR #lease.#owner = :owner OR #lease.#until <= :now)',
        {
          owner: lease.owner,
          now: nowMs,
        },
      ),

    save: ({ sent: _, createdMs: __, ...job }, owner) => {
      const { id, ...record } = { ...job, ...attributesOf(job) };
      return update('save', id, record, '#lease.#owner = :owner', { owner });
    },

    noteSent: (id, sent) => update('note', id, { sent }, 'attribute_exists(id)'),

    advance: (id, from, state, nowMs) => {
      const again = state.status === 'queued' ? { sent: undefined, lease: undefined } : {};
      return update('advance', id, { ...attributesOf({ id, state, updatedMs: nowMs }), ...again }, '#status = :from', {
        from,
      });
    },

    release: async (id, owner) => {
      await update('release', id, { lease: undefined }, '#lease.#owner = :owner', { owner });
    },
  };
  return store;
}

const newestFirst = (jobs: readonly Job[]): readonly Job[] => jobs.toSorted((a, b) => b.createdMs - a.createdMs);
