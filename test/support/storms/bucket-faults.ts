import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { Job } from '../../../core/job/job.ts';
import { makeClip } from '../clip.ts';
import { FAULTS, type NetworkFault, type RoughNetwork, roughNetwork } from '../rough-network.ts';
import { openStack } from '../stack.ts';
import {
  type BucketPlace,
  calmJob,
  differences,
  droppedJob,
  halfThere,
  type JobFiles,
  resultsOf,
  startAttempt,
} from './bucket-jobs.ts';
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

const SHARE = 0.25;

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
    const calm = await undisturbed(place);
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

type Place = BucketPlace & { readonly network: RoughNetwork };
type Calm = { readonly files: JobFiles; readonly requests: number };

async function undisturbed(place: Place): Promise<Calm> {
  const job = await calmJob(place);
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
  const job = await droppedJob(`trial-${seed}.mp4`, place);
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
  faults.push(...(code === 0 ? differences(found, calm.files) : halfThere(found, calm.files)));
  if (code !== 0) {
    const again = await attempt(job, 2, place);
    if (again.code !== 0) faults.push(`the next attempt ended with ${again.code}: ${again.stderr.slice(0, 300)}`);
    faults.push(...differences(await resultsOf(job, place), calm.files));
  }
  const fault = faults.length > 0 ? { fault: faults.join('; ') } : {};
  return { seed, network, how, faults: met, code, ...fault };
}

const attempt = (job: Job, number: number, place: Place) =>
  startAttempt(job, number, place, { AWS_ENDPOINT_URL_S3: place.network.endpoint }).ended;

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
