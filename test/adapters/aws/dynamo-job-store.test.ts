import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientOptions, documentOptions } from '../../../adapters/aws/client-options.ts';
import { dynamoDemandStore } from '../../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobStore } from '../../../adapters/aws/dynamo-job-store.ts';
import { dynamoOnce } from '../../../adapters/aws/dynamo-once.ts';
import { demandStoreContract } from '../../contracts/demand-store.ts';
import { jobStoreContract } from '../../contracts/job-store.ts';
import { onceContract } from '../../contracts/once.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { type AwsServer, dynaliteServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { faultyProxy } from '../../support/faulty-proxy.ts';
import { newJobsTable } from '../../support/jobs-table.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const DAY_SECONDS = 24 * 3600;

describe('on dynalite', () => dynamoTests(dynaliteServer));
/** moto reads, compares and writes in three steps, which requests that come at once tear apart. */
await describeOnMoto('the DynamoDB job store', () =>
  dynamoTests(async () => faultyProxy(await motoServer(), { oneAtATime: true })),
);

function dynamoTests(start: () => Promise<AwsServer>): void {
  let server: AwsServer;
  let db: DynamoDBDocumentClient;
  let another: DynamoDBDocumentClient;

  beforeAll(async () => {
    server = await start();
    db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(server))), documentOptions);
    another = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(server))), documentOptions);
  });
  afterAll(async () => {
    db.destroy();
    another.destroy();
    await server.close();
  });

  jobStoreContract('DynamoDB', async () => {
    const table = await newJobsTable(db);
    return { store: dynamoJobStore(db, table), another: dynamoJobStore(another, table), close: async () => {} };
  });

  onceContract('DynamoDB', async () => {
    const table = await newJobsTable(db);
    return { once: dynamoOnce(db, table), close: async () => {} };
  });

  demandStoreContract('DynamoDB', async () => {
    const table = await newJobsTable(db);
    return { store: dynamoDemandStore(db, table), another: dynamoDemandStore(another, table), close: async () => {} };
  });

  it('keeps marks and counts out of the lists of jobs', async () => {
    const table = await newJobsTable(db);
    await dynamoOnce(db, table).begin('notice of a job', 9_000, 1_000);
    await dynamoDemandStore(db, table).count('output/ladder/a.mov', 'hd', { views: 1, downloads: 0 }, 1_000);
    expect(await dynamoJobStore(db, table).list(10)).toEqual([]);
    expect(await dynamoJobStore(db, table).listOpen(9_000, 10)).toEqual([]);
  });

  it('lists many from all shards in order', async () => {
    const table = await newJobsTable(db);
    const store = dynamoJobStore(db, table);
    const times = Array.from({ length: 130 }, (_, index) => 1_000 + ((index * 37) % 130));
    await Promise.all(times.map((createdMs) => store.create(newJob(`${createdMs}.mov`, { createdMs }))));
    const ascending = [...times].sort((a, b) => a - b);
    expect((await store.list(200)).map(({ createdMs }) => createdMs)).toEqual(ascending.toReversed());
    expect((await store.listOpen(1_100, 60)).map(({ createdMs }) => createdMs)).toEqual(ascending.slice(0, 60));
  });

  it('knows its own write where the answer to it was lost, and the SDK wrote again', async () => {
    const proxy = await faultyProxy({ endpoint: server.endpoint, close: async () => {} });
    const lossy = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(proxy))), documentOptions);
    const table = await newJobsTable(db);
    const store = dynamoJobStore(lossy, table);
    const once = dynamoOnce(lossy, table);
    const job = newJob('a.mov');
    const losing = async <T>(write: () => Promise<T>) => {
      let isLost = false;
      proxy.setFault(({ operation }) => {
        if (isLost || !/^(?:Put|Update)Item$/.test(operation)) return undefined;
        isLost = true;
        return { what: 'lose' };
      });
      const answer = await write();
      return [isLost, answer];
    };

    expect(await losing(() => once.begin('a notice', 9_000, 1_000))).toEqual([true, 'mine']);
    expect(await losing(() => once.begin('a notice', 9_000, 1_001))).toEqual([true, 'theirs']);
    expect(await losing(() => store.create(job))).toEqual([true, true]);
    expect(await losing(() => store.create(job))).toEqual([true, false]);
    expect(await losing(() => store.advance(job.id, 'queued', { status: 'planned' }, 2_000))).toEqual([true, true]);
    expect(await losing(() => store.advance(job.id, 'queued', { status: 'planned' }, 2_000))).toEqual([true, false]);
    lossy.destroy();
    await proxy.close();
  });

  it('lets a job be forgotten 400 days after its last change', async () => {
    const table = await newJobsTable(db);
    const store = dynamoJobStore(db, table);
    const job = newJob('a.mov', { updatedMs: 5_000_000 });
    const expiry = async () =>
      (await db.send(new GetCommand({ TableName: table, Key: { id: job.id } }))).Item?.expiresAt;
    await store.create(job);
    expect(await expiry()).toBe(5_000 + 400 * DAY_SECONDS);
    await store.advance(job.id, 'queued', { status: 'planned' }, 7_000_000);
    expect(await expiry()).toBe(7_000 + 400 * DAY_SECONDS);
  });
}
