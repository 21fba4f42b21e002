import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchClient, DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { startProgram } from '../support/started-program.ts';

export type ContainerEnd = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type Container = {
  readonly environment: Readonly<Record<string, string>>;
  /** SIGTERM comes this long after its start, as when Spot takes the machine away. */
  readonly reclaimedAfterMs?: number;
};

/** What the image runs, entry script and all, as a process of its own, with the job's environment and no other. */
export async function runContainer(
  program: string,
  { environment, reclaimedAfterMs }: Container,
): Promise<ContainerEnd> {
  const disk = await mkdtemp(join(tmpdir(), 'reelmill-container-'));
  const env = { PATH: process.env.PATH, HOME: disk, TMPDIR: disk, ...environment };
  try {
    await copyFile('docker/entry.sh', join(disk, 'entry.sh'));
    await copyFile(program, join(disk, 'task.mjs'));
    const run = startProgram(join(disk, 'entry.sh'), [], { env });
    if (reclaimedAfterMs !== undefined) {
      await Promise.race([sleep(reclaimedAfterMs), run.ended]);
      run.child.kill('SIGTERM');
    }
    const { code, stdout, stderr } = await run.ended;
    return { exitCode: code, stdout, stderr };
  } finally {
    await rm(disk, { recursive: true, force: true });
  }
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
  return {
    version: '0',
    id: 'c8f9c4b5-76e5-d76a-f980-7011e206042b',
    'detail-type': 'Batch Job State Change',
    source: 'aws.batch',
    account: '123456789012',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [job.jobArn],
    detail: { ...job, status, statusReason, container: { ...job.container, exitCode } },
  };
}
