import { describe, expect, it, jest } from '@jest/globals';
import { runJob } from '../../app/run/run-job.ts';
import { ServiceError } from '../../core/errors.ts';
import type { JobEvent } from '../../core/job/events.ts';
import { jobIdOf } from '../../core/job/job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { preserve } from '../../core/recipes/preserve.ts';
import { newJob } from '../fixtures/new-job.ts';

/** Ports of a machine that slept: the lease can be had once and not renewed, and the source hangs until it is let go. */
function sleepy(jobs: Partial<Ports['jobs']>, hangs: (signal: AbortSignal) => Promise<never>): Ports {
  const nothing = async () => undefined;
  let signal = new AbortController().signal;
  return {
    sources: {
      head: async () => ({ key: 'clip.mp4', bytes: 1, modifiedMs: 1 }),
      fetch: async (_: string, given: AbortSignal) => {
        signal = given;
        return hangs(signal);
      },
    },
    outputs: { write: nothing, remove: nothing, locate: (key: string) => key },
    scratch: { open: async () => '/nowhere', remove: nothing },
    jobs: {
      create: async () => true,
      get: async () => newJob('clip.mp4'),
      save: async () => true,
      release: nothing,
      ...jobs,
    },
    notifier: { notify: nothing },
    clock: { now: () => Date.now(), elapsed: () => performance.now(), newId: () => 'id' },
    newOwner: () => 'owner',
  } as unknown as Ports;
}

const request = {
  ...{
    source: 'clip.mp4',
    recipe: preserve,
    settings: {},
    outputPrefix: 'preserve/clip.mp4',
    failureKey: 'failed/x.json',
  },
  id: jobIdOf({ store: 'test', recipe: 'preserve', source: 'clip.mp4', version: '' }),
};

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new ServiceError('interrupted', 'a process was stopped')));
  });

describe('a job whose lease is lost', () => {
  it('ends as busy, to be tried again, and not as interrupted by someone', async () => {
    jest.useFakeTimers();
    try {
      let claims = 0;
      const ports = sleepy({ claim: async () => ++claims === 1 }, untilAborted);
      const ending = runJob(request, ports, {
        signal: new AbortController().signal,
        onEvent: () => {},
        ifBusy: 'wait',
      });
      await jest.advanceTimersByTimeAsync(60_000);
      await expect(ending).resolves.toMatchObject({ status: 'failed', code: 'busy', exitCode: 75 });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a job table that refuses to be written', () => {
  it('does not hide why the job failed', async () => {
    const full = async () => {
      throw new ServiceError('disk-full', 'the disk is full');
    };
    const fails = async () => {
      throw new ServiceError('truncated', 'the clip is cut short');
    };
    const ports = sleepy({ claim: async () => true, save: full, release: full }, fails);
    const events: JobEvent[] = [];
    const options = { signal: new AbortController().signal, onEvent: (event: JobEvent) => events.push(event) };
    await expect(runJob(request, ports, { ...options, ifBusy: 'wait' })).resolves.toMatchObject({ code: 'truncated' });
    expect(events.at(-1)).toMatchObject({ type: 'job.failed', code: 'truncated' });
  });
});
