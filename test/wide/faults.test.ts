import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundled } from '../fixtures/bundled.ts';
import { FAULTS } from '../support/rough-network.ts';
import { bucketStorm } from '../support/storms/bucket-faults.ts';
import { clockJumps } from '../support/storms/clock-jumps.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let program = '';
beforeAll(async () => {
  program = await bundled("import './tasks/encode.ts';");
});
afterAll(() => rm(program));

// A little of much: npm run prove -- faults --way bucket|disk|clock
it('a quarter of the answers by 500 cost a job its bytes never, and at most an attempt', async () => {
  const trials = await bucketStorm({ count: 1, program }, await temporaryFolder());
  expect(trials).toEqual([
    { seed: 0, network: FAULTS[0], how: 'some', faults: expect.any(Number), code: expect.any(Number) },
  ]);
});

it('a clock that is set while a film is made changes neither the film nor how long its making took', async () => {
  const trials = await clockJumps({ count: 1 }, await temporaryFolder());
  expect(trials).toEqual([{ seed: 0, jump: '+90s', withAnother: false, codes: [0] }]);
});
