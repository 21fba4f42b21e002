import { isFinal, type Job } from '../../core/job/job.ts';

/** The job table, for tests that create it. A test compares it with resources/. */
export const JOBS_TABLE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'shard', AttributeType: 'S' },
    { AttributeName: 'open', AttributeType: 'S' },
    { AttributeName: 'createdMs', AttributeType: 'N' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  // Keys only, so that an update of a job needs no write to an index. Listed jobs are read from the table.
  GlobalSecondaryIndexes: [
    {
      IndexName: 'newest',
      KeySchema: [
        { AttributeName: 'shard', KeyType: 'HASH' },
        { AttributeName: 'createdMs', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'open',
      KeySchema: [
        { AttributeName: 'open', KeyType: 'HASH' },
        { AttributeName: 'createdMs', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} as const;

export const TTL_ATTRIBUTE = 'expiresAt';

/** An index has a partition for each shard. 16 shards take 16,000 new jobs a second; one would take 1,000. */
export const SHARDS: readonly string[] = [...'0123456789abcdef'];

/** A job expires this long after its last change. Its manifest stays as long as its renditions. */
export const REMEMBERED_SECONDS = 400 * 24 * 3600;

/** Returns the part of the table in which a job lies: the first hexadecimal digit of its id. */
export const shardOf = (id: string): string => id.slice(0, 1);

/** Returns the attributes that change with a job's state. `open` exists only while the state is not final. */
export function attributesOf({ id, state, updatedMs }: Pick<Job, 'id' | 'state' | 'updatedMs'>) {
  return {
    state,
    status: state.status,
    updatedMs,
    open: isFinal(state.status) ? undefined : shardOf(id),
    expiresAt: Math.floor(updatedMs / 1000) + REMEMBERED_SECONDS,
  };
}
