import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { deliver, dropMessage } from '../support/deliveries.ts';
import { openStack } from '../support/stack.ts';

// 300 deliveries, 100 of them at once in ten copies of on-drop, so that deliveries of one drop meet. The storm of 10,000
// drops is a command of its own: npm run bench -- burst
const DROPS = 100;
const TIMES = 3;

it(`a burst of ${DROPS} drops, each delivered ${TIMES} times in no order, is as many jobs, each sent once`, async () => {
  const stack = await openStack({ direct: true });
  const { handler } = await import('../../functions/on-drop.ts');
  const keys = Array.from({ length: DROPS }, (_, i) => `input/preserve/burst/${i}.mov`);
  for (const Key of keys) await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: 'some bytes' }));

  const all = keys.flatMap((key, i) => Array.from({ length: TIMES }, (_, time) => dropMessage(key, `${i}-${time}`)));
  const { dead } = await deliver(inNoOrder(all), handler);

  expect(dead).toEqual([]);
  const jobs = await stack.jobs.listOpen(Number.MAX_SAFE_INTEGER, 2 * DROPS);
  expect(jobs.map(({ source }) => source).sort()).toEqual([...keys].sort());
  const references = new Set(jobs.map(({ sent }) => sent?.reference));
  expect(stack.batch.submitted.map(({ jobId }) => jobId).sort()).toEqual([...references].sort());
  expect(references.size).toBe(DROPS);
  await stack.close();
});

/** The same order in every run: 7919 is prime and divides no length here. */
function inNoOrder<T>(list: readonly T[]): readonly T[] {
  return list.map((_, i) => list[(i * 7919) % list.length]).filter((each) => each !== undefined);
}
