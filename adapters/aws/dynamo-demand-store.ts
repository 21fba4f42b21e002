import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { DemandStore } from '../../core/ports/demand-store.ts';
import type { Demand } from '../../core/renditions/priority.ts';
import { asking } from './aws-failure.ts';
import { REMEMBERED_SECONDS, TTL_ATTRIBUTE } from './jobs-table.ts';

const item = z.record(z.string(), z.unknown());
const number = z.number();

/**
 * Counts views and downloads in the job table. A job's output prefix has one item, so that one read gives the counts of all
 * renditions. The items have no shard, so that listings of jobs omit them. An attribute is named `<rendition>#<what>`.
 */
export function dynamoDemandStore(db: DynamoDBDocumentClient, TableName: string): DemandStore {
  const keyOf = (outputPrefix: string) => ({ id: `demand#${outputPrefix}` });
  return {
    count: (outputPrefix, rendition, { views, downloads }, nowMs) =>
      asking(`count uses of ${outputPrefix}`, async () => {
        await db.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(outputPrefix),
            UpdateExpression: 'ADD #views :views, #downloads :downloads SET #used = :now, #expires = :expires',
            ExpressionAttributeNames: {
              '#views': `${rendition}#views`,
              '#downloads': `${rendition}#downloads`,
              '#used': `${rendition}#usedMs`,
              '#expires': TTL_ATTRIBUTE,
            },
            ExpressionAttributeValues: {
              ':views': views,
              ':downloads': downloads,
              ':now': nowMs,
              ':expires': Math.floor(nowMs / 1000) + REMEMBERED_SECONDS,
            },
          }),
        );
      }),
    of: (outputPrefix) =>
      asking(`read uses of ${outputPrefix}`, async () => {
        const { Item } = await db.send(new GetCommand({ TableName, Key: keyOf(outputPrefix) }));
        const attributes = item.parse(Item ?? {});
        const names = Object.keys(attributes).flatMap((name) => /^(.*)#usedMs$/.exec(name)?.[1] ?? []);
        return new Map(names.map((name) => [name, demandOf(attributes, name)]));
      }),
  };
}

const demandOf = (attributes: Readonly<Record<string, unknown>>, rendition: string): Demand => ({
  views: number.parse(attributes[`${rendition}#views`]),
  downloads: number.parse(attributes[`${rendition}#downloads`]),
  usedMs: number.parse(attributes[`${rendition}#usedMs`]),
});
