import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spotUpkeep } from '../../../adapters/aws/spot-upkeep.ts';
import { WAITED_FOR_SPOT } from '../../../core/dispatch/task-failure.ts';
import type { Leak } from '../../../core/ports/upkeep.ts';
import { batchWith, job, MINUTE, NOW, type Waiting } from '../../support/waiting-jobs.ts';

const PATIENCE = 45 * MINUTE;

describe('a job that waits for a Spot machine', () => {
  let batch: Awaited<ReturnType<typeof batchWith>>;
  const jobs: Waiting[] = [];
  let state: string;
  beforeEach(async () => {
    jobs.length = 0;
    state = 'ENABLED';
    batch = await batchWith(jobs, () => state);
  });
  afterEach(() => batch.close());

  async function found(): Promise<readonly Leak[]> {
    const all: Leak[] = [];
    for await (const leak of spotUpkeep(batch.client, ['spot'], PATIENCE).leaks(NOW - PATIENCE)) all.push(leak);
    return all;
  }

  it('is found after its time, and cancelled with a reason that sends it to on-demand machines', async () => {
    jobs.push(job('old', 50), job('young', 10), job('elsewhere', 500, { queue: 'on-demand' }));
    const upkeep = spotUpkeep(batch.client, ['spot'], PATIENCE);
    const [only, ...more] = await found();
    expect([only, more]).toEqual([{ kind: 'spot-job', name: 'old', sinceMs: NOW - 50 * MINUTE }, []]);
    if (only) expect(await upkeep.mend(only)).toBe(true);
    expect(batch.cancelled).toEqual([{ jobId: 'old', reason: WAITED_FOR_SPOT }]);
    expect(await found()).toEqual([]);
  });

  it('is left alone while the queue gives machines to other jobs', async () => {
    jobs.push(job('old', 50), job('new', 60, { status: 'RUNNING', startedAt: NOW - 5 * MINUTE }));
    expect(await found()).toEqual([]);
    jobs[1] = job('long', 600, { status: 'RUNNING', startedAt: NOW - 500 * MINUTE });
    expect(await found()).toHaveLength(1);
  });

  it('is left alone while an array of the queue gets machines', async () => {
    jobs.push(job('old', 50), job('array', 300, { status: 'PENDING', arrayProperties: { size: 2 } }));
    jobs.push(job('array:0', 300, { parent: 'array', status: 'RUNNING', startedAt: NOW - 5 * MINUTE }));
    jobs.push(job('array:1', 300, { parent: 'array' }));
    expect(await found()).toEqual([]);
  });

  it('is left alone where the machines that the queue may have are all at work', async () => {
    const long = { status: 'RUNNING', startedAt: NOW - 500 * MINUTE } as const;
    jobs.push(
      job('long', 600, { ...long, vcpus: 8 }),
      job('array', 600, { status: 'PENDING', arrayProperties: { size: 2 } }),
    );
    jobs.push(job('array:0', 600, { ...long, parent: 'array' }), job('array:1', 600, { parent: 'array', vcpus: 8 }));
    jobs.push(job('large', 50, { vcpus: 8 }), job('small', 50));
    expect((await found()).map(({ name }) => name)).toEqual(['small']); // 4 of 16 vCPUs are not used
  });

  it('is left alone while somebody keeps the machines from starting', async () => {
    jobs.push(job('old', 50));
    state = 'DISABLED';
    expect(await found()).toEqual([]);
  });

  it('waits from the end of an attempt that was interrupted', async () => {
    jobs.push(job('interrupted', 300, { attempts: [{ stoppedAt: NOW - 10 * MINUTE }] }));
    expect(await found()).toEqual([]);
  });

  it('may be a child of an array whose other children have run', async () => {
    jobs.push(job('array', 300, { status: 'PENDING', arrayProperties: { size: 2 } }));
    jobs.push(job('array:0', 300, { parent: 'array', status: 'FAILED' }), job('array:1', 300, { parent: 'array' }));
    expect((await found()).map(({ name }) => name)).toEqual(['array:1']);
  });

  it('goes on if it gets its machine after it was found', async () => {
    jobs.push(job('late', 50));
    const [leak] = await found();
    for (const each of jobs) each.status = 'RUNNING';
    if (leak) await spotUpkeep(batch.client, ['spot'], PATIENCE).mend(leak);
    expect(batch.cancelled).toEqual([]);
  });
});
