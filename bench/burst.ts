import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SIZES } from '../core/dispatch/route.ts';
import { BILL_ASSUMED } from '../core/plan/job-bill.ts';
import { listedPrices } from '../core/storage/list-prices.ts';
import { makeClip } from '../test/support/clip.ts';
import { deliver, dropMessage } from '../test/support/deliveries.ts';
import { openStack, type Stack } from '../test/support/stack.ts';
import { randomFrom } from './fan-out-model.ts';
import type { Measurement, ResultRow } from './measurement.ts';

const TIMES = 3;

/** Most that Lambda hands over of the queue of drops at once (resources/functions.yml). */
const BATCH = 50;
/** The clips of the burst whose containers are counted. */
const COUNTED = 1_000;

/** Delivers many drops several times to `on-drop`, and counts the jobs, and the containers that are started for them. */
export const burst: Measurement = {
  name: 'burst',
  about: `Every drop is delivered ${TIMES} times, in random order, in batches of ${BATCH}, ten batches at a time, to on-drop. DynamoDB (dynalite), S3 (fauxqs) and a stand-in for Batch run in the same process. The clips of the lines about containers have headers of 2 s of 720p. Alone: each drop is handed over by itself, as every drop had a container of its own before containers were shared.`,
  async measure({ quick }) {
    const stack = await openStack({ direct: true });
    try {
      return [...(await deliveries(stack, quick ? 100 : 10_000)), ...(await containers(stack, quick ? 100 : COUNTED))];
    } finally {
      await stack.close();
    }
  },
};

/** Counts the containers for clips that come together, ten at a time, and one by one; and what the start of them costs. */
async function containers(stack: Stack, drops: number): Promise<readonly ResultRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-burst-'));
  await makeClip(join(folder, 'clip.mp4'), { seconds: 2, size: '1280x720' });
  const clip = await readFile(join(folder, 'clip.mp4'));
  await rm(folder, { recursive: true });
  const { handler } = await import('../functions/on-drop.ts');
  const rows: ResultRow[] = [];
  for (const { what, batch } of [
    { what: `together, ${BATCH} at a time`, batch: BATCH },
    { what: 'together, 10 at a time', batch: 10 },
    { what: 'alone', batch: 1 },
  ]) {
    const keys = Array.from({ length: drops }, (_, i) => `input/preserve/${batch}/${i}.mp4`);
    for (const Key of keys) await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: clip }));
    const before = stack.batch.submitted.length;
    await deliver(
      keys.map((key) => dropMessage(key, key)),
      handler,
      { batch, atOnce: 2 }, // as many copies as dropsConcurrency of the stage dev
    );
    const submitted = stack.batch.submitted.slice(before);
    const started = submitted.reduce((sum, { size }) => sum + size, 0);
    const sent = (await stack.sent()).filter(({ key }) => key.startsWith(`input/preserve/${batch}/`));
    rows.push({
      what: `${drops} clips, ${what}`,
      goal: batch === 1 ? `${drops} containers` : 'fewer containers than a tenth of the clips, each clip in one',
      found: `${started} containers by ${submitted.length} submissions; their starts cost $${startsUsd(started).toFixed(3)}`,
      met: sent.length === drops && (batch === 1 ? started === drops : started <= drops / 10),
    });
  }
  return rows;
}

/** A minute of the smallest task of Fargate Spot for each start, with its address (resources/prices.json). */
function startsUsd(count: number): number {
  const prices = listedPrices();
  const [smallest] = SIZES;
  const hour =
    (smallest?.vcpu ?? 0) * prices.usd('fargateSpotX86VcpuHour') +
    ((smallest?.memoryMiB ?? 0) / 1024) * prices.usd('fargateSpotX86GibHour') +
    prices.usd('publicAddressHour');
  return (count * hour * BILL_ASSUMED.containerStartSeconds) / 3600;
}

async function deliveries(stack: Stack, drops: number): Promise<readonly ResultRow[]> {
  const keys = Array.from({ length: drops }, (_, i) => `input/preserve/burst/${i}.mov`);
  for (const Key of keys) await stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: 'some bytes' }));
  const { handler } = await import('../functions/on-drop.ts');
  const messages = keys.flatMap((key, i) =>
    Array.from({ length: TIMES }, (_, time) => dropMessage(key, `${i}-${time}`)),
  );
  const began = performance.now();
  const { dead } = await deliver(shuffled(messages), handler, { batch: BATCH });
  const seconds = (performance.now() - began) / 1000;
  const submitted = await stack.sent();
  const jobs = new Set(submitted.map(({ key }) => key));
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
