import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Job, jobIdOf } from '../../../core/job/job.ts';
import { makeClip } from '../clip.ts';
import { FAULTS, type NetworkFault, type RoughNetwork, roughNetwork } from '../rough-network.ts';
import { openStack, type Stack } from '../stack.ts';
import { stormRecord } from './record.ts';
import { seeded } from './seeded.ts';

/** What became of one job in a bucket whose network has faults. */
export type BucketTrial = {
  readonly seed: number;
  readonly network: NetworkFault;
  /** some: a quarter of all requests. all: every request from one on, until the container has ended. */
  readonly how: 'some' | 'all';
  readonly faults: number;
  readonly code: number | null;
  readonly fault?: string;
};

const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', evenIfLarger: 'true' };
const SHARE = 0.25;
const BUCKET = 'media';

type BucketStorm = { readonly count: number; readonly program: string; readonly said?: (trial: BucketTrial) => void };

/**
 * Takes one film through the container program (`program`), job after job, while the way to the bucket has faults. A job must
 * end with 0 and the bytes of an undisturbed job, or with 75 and one sentence; its next attempt, on a good network, must end so.
 */
export async function bucketStorm({ count, program, said }: BucketStorm, folder: string) {
  const record = await stormRecord<BucketTrial>(join(folder, 'bucket-faults.jsonl'));
  const here = await mkdtemp(join(resolve(folder), 'bucket-'));
  const stack = await openStack({ direct: true });
  const network = await roughNetwork(process.env.AWS_ENDPOINT_URL_S3 ?? '');
  try {
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    await makeClip(join(here, 'film.mp4'), { seconds: 2 });
    const place = { stack, network, program, here, film: await readFile(join(here, 'film.mp4')) };
    const calm = await calmJob(place);
    for (let seed = record.trials.length; seed < count; seed++) {
      const trial = await troubledJob(seed, calm, place);
      await record.add(trial);
      said?.(trial);
    }
  } finally {
    await network.close();
    await stack.close();
    await rm(here, { recursive: true, force: true });
  }
  return record.trials.slice(0, count);
}

type Place = {
  readonly stack: Stack;
  readonly network: RoughNetwork;
  readonly program: string;
  readonly here: string;
  readonly film: Buffer;
};
type Calm = { readonly files: ReadonlyMap<string, Buffer>; readonly requests: number };

async function calmJob(place: Place): Promise<Calm> {
  const job = await dropped('calm.mp4', place);
  place.network.setFault(() => undefined);
  const { code, stderr } = await attempt(job, 1, place);
  if (code !== 0) {
    const state = (await place.stack.jobs.get(job.id))?.state;
    throw new Error(`the undisturbed job ended with ${code}: ${JSON.stringify(state)} ${stderr}`);
  }
  const { requests } = place.network;
  return { files: await resultsOf(job, place), requests };
}

async function troubledJob(seed: number, calm: Calm, place: Place): Promise<BucketTrial> {
  const random = seeded(seed);
  const network = FAULTS[seed % FAULTS.length] ?? 'is slow';
  const how = Math.floor(seed / FAULTS.length) % 2 === 0 ? 'some' : 'all';
  const job = await dropped(`trial-${seed}.mp4`, place);
  const begin = Math.floor(random() * calm.requests);
  place.network.setFault((number) => ((how === 'some' ? random() < SHARE : number >= begin) ? network : undefined));
  const { code, stderr } = await attempt(job, 1, place);
  const { faults: met } = place.network;
  place.network.setFault(() => undefined);

  const faults: string[] = [];
  const state = (await place.stack.jobs.get(job.id))?.state;
  if (code !== 0 && code !== 75) faults.push(`ended with ${code}: ${JSON.stringify(state)} ${stderr.slice(0, 300)}`);
  if (stderr.split('\n').length > 2 || /^\s+at /m.test(stderr))
    faults.push(`said more than a sentence: ${stderr.slice(0, 300)}`);
  const found = await resultsOf(job, place);
  if (code === 0) faults.push(...differences(found, calm));
  else if (found.has('manifest.json')) faults.push(...differences(found, calm));
  else
    for (const [name, bytes] of found)
      if (!bytes.equals(calm.files.get(name) ?? bytes)) faults.push(`${name} is half there`);
  if (code !== 0) {
    const again = await attempt(job, 2, place);
    if (again.code !== 0) faults.push(`the next attempt ended with ${again.code}: ${again.stderr.slice(0, 300)}`);
    faults.push(...differences(await resultsOf(job, place), calm));
  }
  const fault = faults.length > 0 ? { fault: faults.join('; ') } : {};
  return { seed, network, how, faults: met, code, ...fault };
}

/** These hold times, so that no two jobs write the same. */
const TIMED = ['manifest.json', 'report.html'];

function differences(found: ReadonlyMap<string, Buffer>, { files }: Calm): readonly string[] {
  const missing = [...files.keys()].filter((name) => !found.has(name)).map((name) => `${name} is missing`);
  const other = [...found].filter(([name, bytes]) => !TIMED.includes(name) && !files.get(name)?.equals(bytes));
  return [...missing, ...other.map(([name]) => `${name} has other bytes`)];
}

/** A job of its own; nothing of an earlier one is left that it could use again. */
async function dropped(name: string, { stack, film }: Place): Promise<Job> {
  const job: Job = {
    id: jobIdOf({ store: 'storm', recipe: 'preserve', source: name, version: '' }),
    recipe: 'preserve',
    source: `input/preserve/${name}`,
    outputPrefix: `output/preserve/${name}`,
    failureKey: `failed/preserve/${name}.json`,
    settings: SETTINGS,
    ...{ createdMs: 1000, updatedMs: 1000, state: { status: 'queued' }, published: [] },
  };
  await emptyCaches(stack);
  await stack.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: job.source, Body: film }));
  await stack.jobs.create(job);
  return job;
}

/** Without this, pieces and results of an earlier job with the same bytes would be used again. */
async function emptyCaches({ s3 }: Stack): Promise<void> {
  for (const key of await keysBelow('', s3)) {
    if (!key.startsWith('output/preserve/calm')) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  }
}

async function keysBelow(prefix: string, s3: Stack['s3']): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

async function resultsOf({ outputPrefix }: Job, { stack: { s3 } }: Place): Promise<ReadonlyMap<string, Buffer>> {
  const keys = await keysBelow(`${outputPrefix}/`, s3);
  const files = keys.map(async (Key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return [Key.slice(outputPrefix.length + 1), bytes] as const;
  });
  return new Map(await Promise.all(files));
}

async function attempt(job: Job, number: number, { network, program, here }: Place) {
  const env = {
    ...process.env,
    ...{ AWS_ENDPOINT_URL_S3: network.endpoint, S3_BUCKET: BUCKET, S3_KEY: job.source, JOB_ID: job.id },
    ...{ REELMILL_STEP: 'all', AWS_BATCH_JOB_ID: `batch-${job.id}`, AWS_BATCH_JOB_ATTEMPT: `${number}`, TMPDIR: here },
  };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code]: [number | null] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

/** One row for each fault of the network, for a table. */
export function rowsOfBuckets(trials: readonly BucketTrial[]): readonly (readonly (string | number)[])[] {
  return FAULTS.map((network) => {
    const of = trials.filter((each) => each.network === network);
    return [
      `S3 ${network}`,
      of.length,
      of.reduce((sum, { faults }) => sum + faults, 0),
      of.filter(({ code }) => code === 0).length,
      of.filter(({ code }) => code === 75).length,
      of.filter(({ fault }) => fault !== undefined).length,
    ];
  });
}
