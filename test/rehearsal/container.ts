import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type BatchClient, DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { faultyProxy } from '../support/faulty-proxy.ts';
import { onReadOnlyRoot, onSmallDisk } from '../support/limits.ts';
import { startProgram } from '../support/started-program.ts';
import type { Stage } from './stage.ts';
import { linesOf } from './steps.ts';

export type ContainerEnd = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How many bytes of sources it asked for, by the log of the server; more than any file has if it asked for a whole one. */
  readonly fetchedBytes: number;
};

/** Spot takes a machine away with a warning, SIGTERM, or it is gone at once. */
export type Loss = 'SIGTERM' | 'SIGKILL';

export type Container = {
  /** The image's program. */
  readonly program: string;
  /** What Batch gives, and no more. */
  readonly environment: Readonly<Record<string, string>>;
  /** How its machine is lost as it puts its first piece into the bucket: Spot takes it away in the midst of the work. */
  readonly loss?: Loss | undefined;
  /** How large its disk is; as large as this machine's if undefined. */
  readonly diskBytes?: number;
};

/** What the image runs, entry script and all, as a process of its own, with the job's environment and no other. */
export async function runContainer(
  stage: Stage,
  { program, environment, loss, diskBytes }: Container,
): Promise<ContainerEnd> {
  const disk = await mkdtemp(join(tmpdir(), 'reelmill-container-'));
  const scratch = join(disk, 'scratch');
  await mkdir(scratch);
  const gate = await faultyProxy({ endpoint: stage.aws.AWS_ENDPOINT_URL ?? '', close: async () => {} });
  const [first = '', ...rest] = [
    ...onReadOnlyRoot(scratch),
    ...(diskBytes === undefined ? [] : onSmallDisk(scratch, diskBytes)),
    join(disk, 'entry.sh'),
  ];
  const env = {
    PATH: process.env.PATH,
    HOME: disk,
    TMPDIR: scratch,
    ...stage.aws,
    AWS_ENDPOINT_URL: gate.endpoint,
    ...environment,
  };
  try {
    await copyFile('docker/entry.sh', join(disk, 'entry.sh'));
    await copyFile(program, join(disk, 'task.mjs'));
    const run = startProgram(first, rest, { env });
    let fetchedBytes = 0;
    gate.setFault(({ method, path, range }) => {
      if (method === 'GET' && path.startsWith(`/${stage.media}/input/`)) fetchedBytes += bytesOf(range);
      if (!loss || method !== 'PUT' || !path.startsWith(`/${stage.media}/cache/`)) return undefined;
      run.child.kill(loss);
      return { what: 'lose' };
    });
    const { code, stdout, stderr } = await run.ended;
    stage.ran({
      what: `the container of step ${environment.REELMILL_STEP}`,
      exitCode: code,
      lastLines: [...linesOf(stderr), ...(await logOf(stage, environment.JOB_ID ?? ''))],
    });
    return { exitCode: code, stdout, stderr, fetchedBytes };
  } finally {
    await gate.close();
    await rm(disk, { recursive: true, force: true });
  }
}

function bytesOf(range: string | undefined): number {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  return last === undefined ? Number.POSITIVE_INFINITY : Number(last) + 1 - Number(start);
}

/** What the job's last container wrote into the bucket of logs. */
async function logOf({ s3, logs }: Stage, job: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: logs, Prefix: `tasks/${job}/` }));
  const newest = Contents.toSorted((a, b) => Number(a.LastModified) - Number(b.LastModified)).at(-1);
  if (!newest?.Key) return ['(it has written no log)'];
  const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket: logs, Key: newest.Key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  return linesOf((ContentEncoding === 'gzip' ? gunzipSync(bytes) : bytes).toString());
}

export async function batchJob(batch: BatchClient, id: string): Promise<JobDetail> {
  const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [id] }));
  const [job] = jobs;
  if (!job) throw new Error(`Batch knows no job ${id}`);
  return job;
}

export const environmentOf = (job: JobDetail): Readonly<Record<string, string>> =>
  Object.fromEntries((job.container?.environment ?? []).map(({ name = '', value = '' }) => [name, value]));

/** The event by which EventBridge tells how a job ended. */
export function endEvent(job: JobDetail, { exitCode }: ContainerEnd) {
  const status = exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
  const statusReason = 'Essential container in task exited';
  return batchEvent(job, { ...job, status, statusReason, container: { ...job.container, exitCode } });
}

/** The event of a job that never had a machine: the queue's limit on waiting has cancelled it. */
export function capacityEvent(job: JobDetail) {
  const statusReason = 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';
  const { startedAt: _, stoppedAt: __, ...waiting } = job;
  return batchEvent(job, { ...waiting, status: 'FAILED', statusReason, attempts: [] });
}

const batchEvent = (job: JobDetail, detail: object) => ({
  version: '0',
  id: 'c8f9c4b5-76e5-d76a-f980-7011e206042b',
  'detail-type': 'Batch Job State Change',
  source: 'aws.batch',
  account: '123456789012',
  time: new Date().toISOString(),
  region: 'us-east-1',
  resources: [job.jobArn],
  detail,
});
