import { expect, it } from '@jest/globals';
import { dropQueue } from '../../cli/drop-queue.ts';

type Drop = { readonly name: string; readonly priority: number };
const drop = (name: string, priority = 0): Drop => ({ name, priority });

function taking(onTake: (drop: Drop) => void = () => {}) {
  const taken: string[] = [];
  const queue = dropQueue<Drop>(
    async ({ priority }) => priority,
    async (each) => {
      await new Promise((resolve) => setImmediate(resolve));
      taken.push(each.name);
      onTake(each);
    },
  );
  return { taken, queue };
}

it('takes the most wanted first, equals in the order they came', async () => {
  const { taken, queue } = taking();
  for (const each of [drop('a'), drop('b', 3), drop('c'), drop('d', 100), drop('e', 3)]) queue.add(each);
  await queue.work();
  expect(taken).toEqual(['d', 'b', 'e', 'a', 'c']);
});

it('lets what comes while it works go before what waits, where it is wanted more', async () => {
  const { taken, queue } = taking(({ name }) => {
    if (name === 'a') queue.add(drop('urgent', 50));
  });
  for (const each of [drop('a'), drop('b'), drop('c')]) queue.add(each);
  await Promise.all([queue.work(), queue.work()]);
  expect(taken).toEqual(['a', 'urgent', 'b', 'c']);
});

it('works again on what comes after it had nothing left', async () => {
  const { taken, queue } = taking();
  await queue.work();
  queue.add(drop('late'));
  await queue.work();
  expect(taken).toEqual(['late']);
});
