import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { asking } from './aws-failure.ts';
import { REMEMBERED_SECONDS, TTL_ATTRIBUTE } from './jobs-table.ts';

const row = z.object({
  usd: z.optional(z.number()),
  allowedUsd: z.optional(z.number()),
  isStopped: z.optional(z.boolean()),
  openedMs: z.optional(z.number()),
});

/** Keeps what a stage has spent in the job table, a row a month. The rows have no shard, so that listings of jobs omit them. */
export function dynamoSpending(db: DynamoDBDocumentClient, TableName: string) {
  const keyOf = (month: string) => ({ id: `spending#${month}` });
  const change = (month: string, nowMs: number, UpdateExpression: string, values: Readonly<Record<string, unknown>>) =>
    asking(`write what ${month} cost`, async () => {
      await db.send(
        new UpdateCommand({
          ...{ TableName, Key: keyOf(month), UpdateExpression },
          ExpressionAttributeNames: { '#expires': TTL_ATTRIBUTE },
          ExpressionAttributeValues: { ...values, ':expires': Math.floor(nowMs / 1000) + REMEMBERED_SECONDS },
        }),
      );
    });
  return {
    of: (month: string) =>
      asking(`read what ${month} cost`, async () => {
        const { Item } = await db.send(new GetCommand({ TableName, Key: keyOf(month), ConsistentRead: true }));
        const { usd = 0, allowedUsd, isStopped = false, openedMs } = row.parse(Item ?? {});
        return { usd, allowedUsd, isStopped, openedMs };
      }),
    add: (month: string, usd: number, nowMs: number) =>
      change(month, nowMs, 'ADD usd :usd SET #expires = :expires', { ':usd': usd }),
    stop: (month: string, nowMs: number) =>
      change(month, nowMs, 'SET isStopped = :yes, #expires = :expires', { ':yes': true }),
    open: (month: string, allowedUsd: number, nowMs: number) =>
      change(month, nowMs, 'SET isStopped = :no, allowedUsd = :allowed, openedMs = :now, #expires = :expires', {
        ...{ ':no': false, ':allowed': allowedUsd, ':now': nowMs },
      }),
    started: (month: string, nowMs: number) =>
      change(month, nowMs, 'SET openedMs = :now, #expires = :expires', { ':now': nowMs }),
  };
}
