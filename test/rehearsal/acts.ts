import { createReadStream } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Job } from '../../core/job/job.ts';
import { type Manifest, manifestSchema } from '../../core/job/manifest.ts';
import type { Stage } from './stage.ts';
import { expectEqual, expectTrue, type Steps } from './steps.ts';

export const CLIP = 'demo/clips/VID_20191220_170832.mp4';

export type Rehearsal = Pick<Steps, 'step'> & {
  readonly stage: Stage;
  readonly program: string;
  readonly folder: string;
  readonly slack: readonly string[];
};

/** What a client does that puts a file. */
export async function drop(stage: Stage, Key: string, path: string, Metadata: Record<string, string>): Promise<void> {
  const params = { Bucket: stage.media, Key, Body: createReadStream(path), Metadata };
  await new Upload({ client: stage.s3, params, partSize: 5 * 2 ** 20 }).done();
}

/** What Lambda would hand to on-drop. */
export async function messages(stage: Stage) {
  const found = await stage.drops();
  return { Records: found.map(({ MessageId, Body }) => ({ messageId: MessageId, body: Body })) };
}

/** Gives what is in the queue to on-drop, twice as SQS may, and finds the one job. */
export async function submitted({ stage }: Rehearsal, key: string): Promise<Job> {
  const event = await messages(stage);
  expectTrue(event.Records.length > 0, 'nothing came into the queue');
  for (let times = 0; times < 2; times++) {
    expectEqual(await stage.deployed.invoke('onDrop', event), { batchItemFailures: [] }, 'the answer');
  }
  const jobs = (await stage.jobs.list(100)).filter(({ source }) => source === key);
  expectEqual([jobs.length, jobs[0]?.sent !== undefined], [1, true], 'jobs, and whether they were sent');
  const [job] = jobs;
  if (!job) throw new Error(`no job for ${key}`);
  return job;
}

/** The content of an object, unpacked where it is stored compressed. */
export async function read(stage: Stage, Bucket: string, Key: string): Promise<Buffer> {
  const { Body, ContentEncoding } = await stage.s3.send(new GetObjectCommand({ Bucket, Key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  return ContentEncoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

export const manifestOf = async (stage: Stage, job: Job): Promise<Manifest> =>
  manifestSchema.parse(JSON.parse((await read(stage, stage.media, `${job.outputPrefix}/manifest.json`)).toString()));
