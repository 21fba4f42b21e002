import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { starvedUpkeep } from '../../../adapters/aws/starved-upkeep.ts';
import type { Leak } from '../../../core/ports/upkeep.ts';
import { batchWith, job, MINUTE, NOW, type Waiting } from '../../support/waiting-jobs.ts';

const HOUR = 60 * MINUTE;

describe('a queue on demand in which jobs wait', () => {
  let batch: Awaited<ReturnType<typeof batchWith>>;
  const jobs: Waiting[] = [];
  beforeEach(async () => {
    jobs.length = 0;
    batch = await batchWith(jobs);
  });
  afterEach(() => batch.close());

  const here = { queue: 'on-demand' };
  async function found(): Promise<readonly Leak[]> {
    const upkeep = starvedUpkeep(batch.client, ['arn:aws:batch:us-east-1:1:job-queue/empty', 'on-demand']);
    const all: Leak[] = [];
    for await (const leak of upkeep.leaks(NOW - upkeep.afterMs)) all.push(leak);
    return all;
  }

  it('is told of where it gets no machine at all, with the job that waits longest', async () => {
    jobs.push(job('a', 3 * 60, here), job('array', 300, { ...here, status: 'PENDING', arrayProperties: { size: 2 } }));
    jobs.push(
      job('array:0', 5 * 60, { parent: 'array' }),
      job('cancelled', 60, { ...here, status: 'FAILED', stoppedAt: NOW }),
    );
    expect(await found()).toEqual([{ kind: 'queue', name: 'on-demand', sinceMs: NOW - 5 * HOUR }]);
  });

  it.each([
    { what: 'they have not waited for long', more: [] as readonly Waiting[], minutes: 60 },
    {
      what: 'a machine is at work',
      more: [job('long', 900, { ...here, status: 'RUNNING', startedAt: NOW - 9 * HOUR })],
    },
    {
      what: 'a container of an array is at work',
      more: [
        job('array', 900, { ...here, status: 'PENDING', arrayProperties: { size: 2 } }),
        job('array:0', 900, { parent: 'array', status: 'RUNNING', startedAt: NOW - 9 * HOUR }),
      ],
    },
    {
      what: 'another has just ended',
      more: [job('done', 900, { ...here, status: 'SUCCEEDED', startedAt: NOW - HOUR, stoppedAt: NOW - MINUTE })],
    },
  ])('is left alone while $what', async ({ more, minutes = 200 }) => {
    jobs.push(job('waits', minutes, here), ...more);
    expect(await found()).toEqual([]);
  });
});
