import { PutObjectCommand } from '@aws-sdk/client-s3';
import { deliver, dropMessage } from '../test/support/deliveries.ts';
import { openStack, type Stack } from '../test/support/stack.ts';
import { randomFrom } from './fan-out-model.ts';
import type { Measurement, ResultRow } from './measurement.ts';

const TIMES = 3;

/** Delivers many drops several times to `on-drop`, and counts the jobs. */
export const burst: Measurement = {
  name: 'burst',
  about: `Every drop is delivered ${TIMES} times, in random order, in batches of ten, ten batches at a time, to on-drop. DynamoDB (dynalite), S3 (fauxqs) and a stand-in for Batch run in the same process.`,
  async measure({ quick }) {
    const stack = await openStack({ direct: true });
    try {
      return await deliveries(stack, quick ? 100 : 10_000);
    } finally {
      await stack.close();
    }
  },
};

async function deliveries(stack: Stack, drops: number): Promise<readonly ResultRow[]> {
  const keys = Array.from({ length: drops }, (_, i) => `input/preserve/burst/${i}.mov`);
  for (const Key of keys) await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: 'some bytes' }));
  const { handler } = await import('../functions/on-drop.ts');
  const messages = keys.flatMap((key, i) =>
    Array.from({ length: TIMES }, (_, time) => dropMessage(key, `${i}-${time}`)),
  );
  const before = stack.batch.submitted.length;
  const began = performance.now();
  const { dead } = await deliver(shuffled(messages), handler);
  const seconds = (performance.now() - began) / 1000;
  const submitted = stack.batch.submitted.slice(before);
  const jobs = new Set(submitted.map(({ environment }) => environment.S3_KEY));
  const isExact = submitted.length === drops && jobs.size === drops && dead.length === 0;
  return [
    {
      what: `${drops} drops, ${messages.length} deliveries`,
      goal: `exactly ${drops} jobs, nothing lost`,
      found: `${submitted.length} jobs of ${jobs.size} drops, ${dead.length} deliveries lost`,
      met: isExact,
    },
    {
      what: 'speed, with all servers in one process',
      found: `${(messages.length / seconds).toFixed(0)} events a second (${seconds.toFixed(0)} s)`,
    },
  ];
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  const random = randomFrom(7);
  return list
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
