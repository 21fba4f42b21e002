import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientOptions, documentOptions } from '../../../adapters/aws/client-options.ts';
import { dynamoSpending } from '../../../adapters/aws/dynamo-spending.ts';
import type { Leak, Upkeep } from '../../../core/ports/upkeep.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';
import { unlessStopped } from '../../../runtime/aws/unless-stopped.ts';
import { type AwsServer, dynaliteServer, optionsFor } from '../../support/aws-servers.ts';
import { newJobsTable } from '../../support/jobs-table.ts';

const MINUTE = 60_000;
const AFTER = 45 * MINUTE;
const LEAK: Leak = { kind: 'spot-job', name: 'a', sinceMs: 0 };

describe('the upkeep of what waits for a machine', () => {
  let server: AwsServer;
  let db: DynamoDBDocumentClient;
  let ledger: ReturnType<typeof dynamoSpending>;
  beforeAll(async () => {
    server = await dynaliteServer();
    db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(server))), documentOptions);
  });
  beforeEach(async () => {
    ledger = dynamoSpending(db, await newJobsTable(db));
  });
  afterAll(async () => {
    db.destroy();
    await server.close();
  });

  async function found(at: string): Promise<number> {
    const nowMs = Date.parse(at);
    const always: Upkeep = {
      afterMs: AFTER,
      async *leaks() {
        yield LEAK;
      },
      mend: async () => true,
    };
    const spending = { limitUsd: 10, stage: 'prod', ledger, prices: listedPrices() };
    const upkeep = unlessStopped({ spending, clock: { now: () => nowMs, newId: () => '', elapsed: () => 0 } }, always);
    let count = 0;
    for await (const _ of upkeep.leaks(nowMs - upkeep.afterMs)) count++;
    return count;
  }
  const at = Date.parse;

  it('finds it where nothing was stopped', async () => {
    expect(await found('2026-11-20T12:00:00Z')).toBe(1);
  });

  it('leaves it alone from the stop on until machines have had time to start again', async () => {
    await ledger.stop('2026-11', at('2026-11-20T12:00:00Z'));
    expect(await found('2026-11-21T12:00:00Z')).toBe(0);
    await ledger.open('2026-11', 20, at('2026-11-25T12:00:00Z'));
    expect([await found('2026-11-25T12:30:00Z'), await found('2026-11-25T13:00:00Z')]).toEqual([0, 1]);
  });

  it('leaves it alone in the first minutes of a month, in which what the last one stopped starts again', async () => {
    await ledger.stop('2026-11', at('2026-11-20T12:00:00Z'));
    expect(await found('2026-12-01T00:05:00Z')).toBe(0);
    await ledger.started('2026-12', at('2026-12-01T00:10:00Z'));
    expect([await found('2026-12-01T00:30:00Z'), await found('2026-12-01T01:00:00Z')]).toEqual([0, 1]);
  });
});
