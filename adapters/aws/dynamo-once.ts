import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Once } from '../../core/ports/once.ts';
import { asking, unless } from './aws-failure.ts';
import { TTL_ATTRIBUTE } from './jobs-table.ts';
import { updateExpression } from './update-expression.ts';

const mark = z.object({ done: z.optional(z.boolean()), by: z.optional(z.string()) });

const DONE = { set: { done: true }, if: 'attribute_exists(id)', with: {} };

/** No event is delivered again after this time, because SQS keeps a message for at most 14 days. */
const REMEMBERED_SECONDS = 30 * 24 * 3600;

/** Keeps marks of what was done in the job table. They have no shard, so that listings of jobs omit them. */
export function dynamoOnce(db: DynamoDBDocumentClient, TableName: string): Once {
  const keyOf = (name: string) => ({ id: `once#${name}` });
  return {
    begin: (name, untilMs, nowMs) =>
      asking(`begin ${name}`, async () => {
        // Where the answer to this write is lost, the SDK writes again and is refused by what it wrote itself: told by this.
        const by = randomUUID();
        const change = {
          set: { untilMs, by, [TTL_ATTRIBUTE]: Math.floor(nowMs / 1000) + REMEMBERED_SECONDS },
          if: 'attribute_not_exists(id) OR (attribute_not_exists(#done) AND #untilMs <= :now)',
          with: { now: nowMs },
        };
        const command = new UpdateCommand({
          TableName,
          Key: keyOf(name),
          ...updateExpression(change),
        });
        if (await unless('ConditionalCheckFailedException', db.send(command))) return 'mine';
        const { Item } = await db.send(new GetCommand({ TableName, Key: keyOf(name), ConsistentRead: true }));
        const there = Item && mark.parse(Item);
        if (there?.by === by) return 'mine';
        return there?.done ? 'done' : 'theirs';
      }),
    finish: (name) =>
      asking(`finish ${name}`, async () => {
        await db.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(name),
            ...updateExpression(DONE),
          }),
        );
      }),
    giveUp: (name) =>
      asking(`give ${name} up`, async () => {
        const given = { set: { untilMs: 0 }, if: 'attribute_exists(id) AND attribute_not_exists(#done)', with: {} };
        const command = new UpdateCommand({ TableName, Key: keyOf(name), ...updateExpression(given) });
        await unless('ConditionalCheckFailedException', db.send(command));
      }),
  };
}
