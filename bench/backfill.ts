import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { burstListKey, jobsInContainer } from '../core/job/burst-list.ts';
import { deliver } from '../test/support/deliveries.ts';
import { openStack, type Stack } from '../test/support/stack.ts';
import { STAGE } from '../test/support/stage-in-buckets.ts';
import { at, type StageServer, stageServer } from '../test/support/stage-server.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { CLI } from './run.ts';

const FILMS = 10_000;
/** Fewer, to see whether memory grows with the number of films. */
const FEWER = 1_000;
/** Most that Lambda hands over of the queue of drops at once, and copies of on-drop (resources/functions.yml, stages/dev.yml). */
const LAMBDA = { batch: 50, atOnce: 2 };

type Run = { readonly seconds: number; readonly peakMb: number; readonly messages: readonly string[] };

/** Has jobs made of many films that lie in a bucket, twice: what is queued, what becomes of it, how long it takes and in how much memory. */
export const backfillBench: Measurement = {
  name: 'backfill',
  about: `The built command \`reelmill backfill --to preserve\` on a bucket of ${FEWER} and of ${FILMS} objects, whose messages on-drop then takes, and the same command again. S3 and SQS (fauxqs), DynamoDB (dynalite) and on-drop run in one process besides, which is what takes the time. Peak resident memory is that of the command (VmHWM).`,
  async measure({ quick }) {
    const stage = await stageServer();
    const stack = await openStack({ direct: true });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: stage.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: stage.endpoint,
      MEDIA_BUCKET: stage.bucket,
      JOBS_TABLE: STAGE.table,
    });
    try {
      const rows = [];
      for (const films of quick ? [30, 100] : [FEWER, FILMS]) rows.push(...(await bothRuns(films, { stage, stack })));
      return rows;
    } finally {
      await stack.close();
      await stage.close();
    }
  },
};

type Twins = { readonly stage: StageServer; readonly stack: Stack };

async function bothRuns(films: number, { stage, stack }: Twins): Promise<readonly ResultRow[]> {
  const prefix = `input/preserve/${films} films/`;
  for (let i = 0; i < films; i++)
    await stage.s3.send(
      new PutObjectCommand({ Bucket: stage.bucket, Key: `${prefix}${i % 7}/clip ${i}.mov`, Body: 'some bytes' }),
    );
  const first = await backfilled(stage, prefix);
  const { handler } = await import('../functions/on-drop.ts');
  const messages = first.messages.map((body, i) => ({ messageId: `${i}`, body }));
  const { dead } = await deliver(messages, handler, LAMBDA);
  const sent = (await sentFrom({ stage, stack })).filter((key) => key.startsWith(prefix));
  const second = await backfilled(stage, prefix);
  const told = new Set(first.messages);
  return [
    {
      what: `${films} films without a job`,
      goal: `${films} messages, one for each film`,
      found: `${first.messages.length} messages of ${told.size} films, in ${first.seconds.toFixed(0)} s and ${first.peakMb.toFixed(0)} MB`,
      met: first.messages.length === films && told.size === films,
    },
    {
      what: 'these messages, taken by on-drop',
      goal: `${films} jobs, each sent once`,
      found: `${sent.length} jobs sent of ${new Set(sent).size} films, ${dead.length} messages lost`,
      met: sent.length === films && new Set(sent).size === films && dead.length === 0,
    },
    {
      what: 'the same command again',
      goal: 'no message',
      found: `${second.messages.length} messages, in ${second.seconds.toFixed(0)} s and ${second.peakMb.toFixed(0)} MB`,
      met: second.messages.length === 0,
    },
  ];
}

/** The sources of all jobs that Batch was given, one by one or by a list in the bucket. */
async function sentFrom({ stage, stack }: Twins): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const { size, environment } of stack.batch.submitted) {
    const { REELMILL_BURST: burst, S3_KEY: key = '' } = environment;
    if (burst === undefined) {
      keys.push(key);
      continue;
    }
    const { Body } = await stage.s3.send(new GetObjectCommand({ Bucket: stage.bucket, Key: burstListKey(burst) }));
    const list = (await Body?.transformToByteArray()) ?? new Uint8Array();
    for (let index = 0; index < size; index++) keys.push(...jobsInContainer(list, index).map((each) => each.key));
  }
  return keys;
}

/** Runs the command to its end, and empties the queue. */
async function backfilled(stage: StageServer, prefix: string): Promise<Run> {
  const began = performance.now();
  const args = [CLI, 'backfill', '--to', 'preserve', '--prefix', prefix, '--quiet', ...at(stage)];
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...keys } });
  let peakMb = 0;
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (child.exitCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    await sleep(50);
  }
  await ended;
  if (child.exitCode !== 0) throw new Error(`the command ended with ${child.exitCode}`);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, peakMb, messages: await stage.queued() };
}
