import { once } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runBurst } from '../../../app/run/run-burst.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { ListedJob } from '../../../core/job/burst-list.ts';
import { CANCELLED } from '../../../core/job/cancelled.ts';
import type { Job, JobId, JobState } from '../../../core/job/job.ts';
import { newJob } from '../../fixtures/new-job.ts';

const BURST = 'the-burst';
const DONE: JobState = { status: 'done', manifest: 'm.json' };

describe('a container that several jobs share', () => {
  let rows: Map<JobId, Job>;
  let stop: AbortController;
  beforeEach(() => {
    rows = new Map();
    stop = new AbortController();
  });

  function listed(name: string, changes: Partial<Job> = {}): ListedJob {
    const job: Job = { ...newJob(`${name}.mov`), burst: { name: BURST, index: 0, of: 1 }, ...changes };
    rows.set(job.id, job);
    return { job: job.id, key: job.source, bytes: 1_000 + rows.size };
  }

  const set = ({ job }: ListedJob, change: Partial<Job>) => rows.set(job, { ...row(job), ...change });
  function row(id: JobId): Job {
    const found = rows.get(id);
    if (!found) throw new Error(`no row ${id}`);
    return found;
  }

  type Work = (each: ListedJob, signal: AbortSignal) => Promise<number>;
  const run = (jobs: readonly ListedJob[], work: Work, most = 2) =>
    runBurst(jobs, {
      ...{ name: BURST, films: { most, isAsked: false }, signal: stop.signal, lookMs: 1 },
      jobs: { get: async (id) => rows.get(id) },
      run: work,
    });

  it('does each of them once, in order, as many at a time as the machine has room for', async () => {
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => listed(name));
    const begun: ListedJob[] = [];
    let running = 0;
    let most = 0;
    const exits = await run(jobs, async (each) => {
      begun.push(each);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      set(each, { state: DONE });
      return 0;
    });
    expect([begun, exits, most]).toEqual([jobs, [], 2]);
  });

  it('passes over what has an end, what left the burst, and what is gone', async () => {
    const todo = listed('todo');
    const gone = listed('gone');
    rows.delete(gone.job);
    const jobs = [
      listed('done', { state: DONE }),
      listed('failed', { state: { status: 'failed', code: 'bad-input', reason: 'it is' } }),
      listed('cancelled', { state: CANCELLED }),
      listed('about to be cancelled', { burst: { name: BURST, index: 0, of: 1, cancelledMs: 1 } }),
      listed('sent again', { burst: { name: 'another', index: 0, of: 1 } }),
      gone,
      todo,
    ];
    const begun: ListedJob[] = [];
    await run(jobs, async (each) => {
      begun.push(each);
      return 0;
    });
    expect(begun).toEqual([todo]);
  });

  it('ends with what came to no end alone: what failed is in its row', async () => {
    const [bad, busy, good] = [listed('bad'), listed('busy'), listed('good')];
    const exits = await run([bad, busy, good], async (each) => {
      if (each === busy) return 75;
      set(each, { state: each === good ? DONE : { status: 'failed', code: 'not-video', reason: 'it is none' } });
      return each === good ? 0 : 65;
    });
    expect(exits).toEqual([75]);
  });

  it('ends the work on one that somebody cancels, and no other', async () => {
    const [wanted, unwanted] = [listed('wanted'), listed('unwanted')];
    const reasons = new Map<ListedJob, unknown>();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const exits = await run([wanted, unwanted], async (each, signal) => {
      if (each === unwanted) {
        set(each, { burst: { name: BURST, index: 0, of: 1, cancelledMs: 1 } });
        await once(signal, 'abort');
        reasons.set(each, signal.reason);
        set(each, { state: CANCELLED });
        release();
        return 130;
      }
      await released;
      expect(signal.aborted).toBe(false);
      set(each, { state: DONE });
      return 0;
    });
    expect(exits).toEqual([]);
    expect([...reasons.values()]).toEqual([expect.objectContaining({ code: 'cancelled' })]);
    expect(reasons.get(unwanted)).toBeInstanceOf(ServiceError);
  });

  it('begins nothing more when its machine is taken away, and waits for what runs', async () => {
    const jobs = ['a', 'b', 'c'].map((name) => listed(name));
    const begun: string[] = [];
    const exits = await run(
      jobs,
      async ({ key }, signal) => {
        begun.push(key);
        stop.abort();
        expect(signal.aborted).toBe(true);
        await new Promise(setImmediate);
        return 75;
      },
      1,
    );
    expect([begun, exits]).toEqual([[jobs[0]?.key], [75]]);
  });
});
