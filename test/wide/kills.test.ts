import { rm } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { bundled } from '../fixtures/bundled.ts';
import { containerKills } from '../support/storms/container-kills.ts';
import { runsKilled } from '../support/storms/kills.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// One of many: npm run prove -- kills --way machine|container --count 200
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

it('leaves nothing half in a bucket when its container is killed, and the next attempt does the rest', async () => {
  const program = await bundled("import './tasks/encode.ts';");
  const kills = await containerKills({ count: 1, program }, await temporaryFolder());
  await rm(program);
  expect(kills).toEqual([
    {
      ...{ seed: 0, work: 'preserve', signal: 'SIGKILL', met: expect.any(Boolean) },
      ...{ secondsToEnd: expect.any(Number), encodedAgain: expect.any(Number) },
    },
  ]);
});
