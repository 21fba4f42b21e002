import process from 'node:process';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Job, jobIdOf } from '../../../core/job/job.ts';
import type { Stack } from '../stack.ts';
import { type StartedProgram, startProgram } from '../started-program.ts';

/** The bucket of a storm, the container program that works on its jobs, and a folder for what the program writes. */
export type BucketPlace = {
  readonly stack: Stack;
  readonly program: string;
  readonly here: string;
  readonly film: Buffer;
};

/** Files of a job by their names below its output prefix. */
export type JobFiles = ReadonlyMap<string, Buffer>;

const BUCKET = 'media';
const CALM = 'calm.mp4';
const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', evenIfLarger: 'true' };

/** The job by whose files the others are judged. Its results stay when those of other jobs are removed. */
export const calmJob = (place: BucketPlace, recipe = 'preserve') => droppedJob(CALM, place, recipe);

/** Drops the film under this name. Nothing of an earlier job is left that the new one could use again. */
export async function droppedJob(name: string, { stack, film }: BucketPlace, recipe = 'preserve'): Promise<Job> {
  const { evenIfLarger, ...settings } = SETTINGS;
  const job: Job = {
    id: jobIdOf({ store: 'storm', recipe, source: name, version: '' }),
    recipe,
    source: `input/${recipe}/${name}`,
    outputPrefix: `output/${recipe}/${name}`,
    failureKey: `failed/${recipe}/${name}.json`,
    settings: recipe === 'preserve' ? { ...settings, evenIfLarger } : settings,
    ...{ createdMs: 1000, updatedMs: 1000, state: { status: 'queued' }, published: [] },
  };
  for (const key of await keysBelow('', stack)) {
    if (key.startsWith('output/') && key.includes(`/${CALM}/`)) continue;
    await stack.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  }
  await stack.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: job.source, Body: film }));
  await stack.jobs.create(job);
  return job;
}

/** Starts the container program on a whole job, as Batch does for the first, second or a later attempt. */
export function startAttempt(
  job: Job,
  number: number,
  { program, here }: BucketPlace,
  env: Readonly<Record<string, string>> = {},
): StartedProgram {
  return startProgram(process.execPath, [program], {
    env: {
      ...process.env,
      ...{ S3_BUCKET: BUCKET, S3_KEY: job.source, JOB_ID: job.id, REELMILL_STEP: 'all', TMPDIR: here },
      ...{ AWS_BATCH_JOB_ID: `batch-${job.id}`, AWS_BATCH_JOB_ATTEMPT: `${number}` },
      ...env,
    },
  });
}

/** What lies below the job's output prefix. */
export async function resultsOf({ outputPrefix }: Job, { stack }: BucketPlace): Promise<JobFiles> {
  const keys = await keysBelow(`${outputPrefix}/`, stack);
  const files = keys.map(async (key) => [key.slice(outputPrefix.length + 1), await objectAt(key, stack)] as const);
  return new Map(await Promise.all(files));
}

/** The bytes of the job's source. */
export const sourceOf = ({ source }: Job, { stack }: BucketPlace): Promise<Buffer> => objectAt(source, stack);

async function objectAt(Key: string, { s3 }: Stack): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function keysBelow(prefix: string, { s3 }: Stack): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

/** These hold times, so that no two jobs write the same. */
const TIMED = ['manifest.json', 'report.html'];

/** In sentences: what is missing or has other bytes than the files of the undisturbed job. */
export function differences(found: JobFiles, calm: JobFiles): readonly string[] {
  const missing = [...calm.keys()].filter((name) => !found.has(name)).map((name) => `${name} is missing`);
  const other = [...found].filter(([name, bytes]) => !TIMED.includes(name) && !calm.get(name)?.equals(bytes));
  return [...missing, ...other.map(([name]) => `${name} has other bytes`)];
}

/** In sentences: what is half there. With a manifest everything must be; without one, each file must be whole. */
export function halfThere(found: JobFiles, calm: JobFiles): readonly string[] {
  if (found.has('manifest.json')) return differences(found, calm);
  const half = [...found].filter(([name, bytes]) => !TIMED.includes(name) && !calm.get(name)?.equals(bytes));
  return half.map(([name]) => `${name} is half there`);
}
