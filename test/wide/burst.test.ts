import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { openStack } from '../support/stack.ts';

// 300 deliveries, 30 of them at once: three copies of on-drop, each with the same ten small drops, which share containers. The storm of 10,000 drops is a
// command of its own: npm run bench -- burst
const DROPS = 100;
const TIMES = 3;
const AT_ONCE = 10;

it(`a burst of ${DROPS} drops, each delivered ${TIMES} times at once, is as many jobs, each sent once`, async () => {
  const stack = await openStack({ direct: true });
  const { handler } = await import('../../functions/on-drop.ts');
  const keys = Array.from({ length: DROPS }, (_, i) => `input/preserve/burst/${i}.mov`);
  for (const Key of keys) await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: 'some bytes' }));

  const groups = Array.from({ length: DROPS / AT_ONCE }, (_, i) => keys.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
  const all = groups.flatMap((group) =>
    Array.from({ length: TIMES }, (_, time) => group.map((key) => dropMessage(key, `${key}-${time}`))).flat(),
  );
  const { dead } = await deliver(all, handler, { atOnce: TIMES, batch: AT_ONCE });

  expect(dead).toEqual([]);
  const jobs = await stack.jobs.listOpen(Number.MAX_SAFE_INTEGER, 2 * DROPS);
  expect(jobs.map(({ source }) => source).sort()).toEqual([...keys].sort());
  const sent = await stack.sent();
  expect(sent.map(({ job, reference }) => `${job} ${reference}`).sort()).toEqual(
    jobs.map((job) => `${job.id} ${job.sent?.reference}`).sort(),
  );
  expect(stack.batch.submitted.length).toBeLessThan(DROPS);
  await stack.close();
});
