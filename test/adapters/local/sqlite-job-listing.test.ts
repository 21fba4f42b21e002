import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteJobListing } from '../../../adapters/local/sqlite-job-listing.ts';
import { sqliteJobStore } from '../../../adapters/local/sqlite-job-store.ts';
import { jobListingContract } from '../../contracts/job-listing.ts';

jobListingContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-listing-'));
  const store = sqliteJobStore(join(folder, 'jobs.sqlite'), () => true);
  const listing = sqliteJobListing(join(folder, 'jobs.sqlite'));
  const close = async () => {
    listing.close();
    store.close();
    await rm(folder, { recursive: true });
  };
  return { store, listing, close };
});
