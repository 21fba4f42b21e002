import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientOptions, documentOptions } from '../../../adapters/aws/client-options.ts';
import { dynamoJobListing } from '../../../adapters/aws/dynamo-job-listing.ts';
import { dynamoJobStore } from '../../../adapters/aws/dynamo-job-store.ts';
import type { JobPosition } from '../../../core/ports/job-listing.ts';
import { jobListingContract } from '../../contracts/job-listing.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { type AwsServer, dynaliteServer, optionsFor } from '../../support/aws-servers.ts';
import { newJobsTable } from '../../support/jobs-table.ts';

describe('on dynalite', () => {
  let server: AwsServer;
  let db: DynamoDBDocumentClient;
  beforeAll(async () => {
    server = await dynaliteServer();
    db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(server))), documentOptions);
  });
  afterAll(async () => {
    db.destroy();
    await server.close();
  });

  jobListingContract('DynamoDB', async () => {
    const table = await newJobsTable(db);
    return { store: dynamoJobStore(db, table), listing: dynamoJobListing(db, table), close: async () => {} };
  });

  it.each(['newest', 'oldest'] as const)(
    'looks further than it reads at once, by %s, page by page and for what few jobs are',
    async (sort) => {
      const table = await newJobsTable(db);
      const store = dynamoJobStore(db, table);
      const names = Array.from({ length: 9 }, (_, i) => `film-${i}`);
      // three of each moment, more than are looked at together
      for (const [i, name] of names.entries())
        await store.create({
          ...newJob(name),
          createdMs: 1_000 + Math.floor(i / 3),
          recipe: i === 0 ? 'vj' : 'preserve',
        });
      const listing = dynamoJobListing(db, table, 4);
      const seen: string[] = [];
      for (let after: JobPosition | undefined, isFirst = true; isFirst || after; isFirst = false) {
        const page = await listing.page({}, { sort, limit: 2, after });
        expect(page).not.toHaveProperty('amongNewest');
        seen.push(...page.jobs.map(({ source }) => source));
        after = page.next;
      }
      expect(seen.toSorted()).toEqual(names.map((name) => newJob(name).source));
      for (const question of [{ recipe: 'vj' }, { recipe: 'vj', states: ['queued'] as const }]) {
        const only = await listing.page(question, { sort, limit: 2 });
        expect([only.jobs.map(({ source }) => source), only.next]).toEqual([[newJob('film-0').source], undefined]);
      }
    },
  );

  it.each([
    { most: 2, jobs: 2, says: { isPartial: true, amongNewest: 2 } },
    { most: 3, jobs: 3, says: { isPartial: false } },
  ])('of three jobs counts the newest $most, and says of how many its totals and its other orders are', async (row) => {
    const table = await newJobsTable(db);
    const store = dynamoJobStore(db, table);
    for (const [i, name] of ['a', 'b', 'c'].entries()) await store.create({ ...newJob(name), createdMs: i });
    const listing = dynamoJobListing(db, table, row.most);
    expect(await listing.totals({})).toMatchObject({ jobs: row.jobs, ...row.says });
    for (const sort of ['changed', 'largest'] as const) {
      const { jobs, amongNewest } = await listing.page({}, { sort, limit: 9 });
      expect([jobs.length, amongNewest]).toEqual([row.jobs, row.says.amongNewest]);
    }
  });
});
