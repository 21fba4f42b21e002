import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sqliteJobStore } from '../../adapters/local/sqlite-job-store.ts';
import { pruneWork } from '../../runtime/work-usage.ts';
import { newJob } from '../fixtures/new-job.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('does not keep a job from a process that comes to it while prune looks', async () => {
  const work = await temporaryFolder();
  const store = sqliteJobStore(join(work, 'jobs.sqlite'), () => true);
  const job = newJob('film.mp4');
  await store.create(job);
  const taken: boolean[] = [];
  const met: typeof store = {
    ...store,
    async release(id, owner) {
      taken.push(await store.claim(id, { owner: 'watch', until: Date.now() + 60_000 }, Date.now()));
      await store.release(id, owner);
    },
  };
  const limits = { orphaned: false, dryRun: false };
  expect(await pruneWork(work, met, limits)).toEqual({ files: 0, bytes: 0 });
  expect(taken).toEqual([true]);
  expect(await pruneWork(work, store, limits)).toBe('busy');
  store.close();
});
