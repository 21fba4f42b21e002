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

  it('looks further back than the newest jobs, page by page and for what few of them are', async () => {
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
      const page = await listing.page({}, { sort: 'newest', limit: 2, after });
      seen.push(...page.jobs.map(({ source }) => source));
      after = page.next;
    }
    expect(seen.toSorted()).toEqual(names.map((name) => newJob(name).source));
    const old = await listing.page({ recipe: 'vj' }, { sort: 'newest', limit: 2 });
    expect([old.jobs.map(({ source }) => source), old.next]).toEqual([[newJob('film-0').source], undefined]);
  });

  it('says so where it counted only the newest jobs', async () => {
    const table = await newJobsTable(db);
    const store = dynamoJobStore(db, table);
    for (const name of ['a', 'b', 'c']) await store.create(newJob(name));
    expect(await dynamoJobListing(db, table, 2).totals({})).toMatchObject({ jobs: 2, isPartial: true });
    expect(await dynamoJobListing(db, table, 4).totals({})).toMatchObject({ jobs: 3, isPartial: false });
  });
});
