import { expect, it } from '@jest/globals';
import { soakedServer } from '../support/storms/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// A little of much: npm run prove -- load --way watched|soak
it('answers twenty clients and keeps no connection or file of theirs', async () => {
  const { answers, early, late } = await soakedServer({ seconds: 3, clients: 20 }, await temporaryFolder());
  expect(answers).toBeGreaterThanOrEqual(20);
  expect(late.handles).toBeLessThan(early.handles + 20);
});
