import { expect, it } from '@jest/globals';
import { runsKilled } from '../support/storms/kills.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// One of many: npm run prove -- kills --count 200
it('publishes after a kill what an undisturbed run does, and encodes nothing twice but what it was at', async () => {
  const kills = await runsKilled({ count: 1, works: ['publish'] }, await temporaryFolder());
  expect(kills).toEqual([
    {
      seed: 0,
      work: 'publish',
      signal: 'SIGKILL',
      met: expect.any(Boolean),
      secondsToEnd: expect.any(Number),
      encodedAgain: 0,
    },
  ]);
});
