import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { taskGroup } from '../../core/task-group.ts';

const never = new AbortController().signal;

/** Ends with the signal's reason when it is aborted, and says so. */
const patient = (log: string[]) => (signal: AbortSignal) =>
  sleep(60_000, undefined, { signal }).finally(() => log.push('ended'));

describe('a group of tasks', () => {
  it('gives what each came to, in order', async () => {
    const group = taskGroup(never);
    const slow = group.run(async () => {
      await sleep(5);
      return 'slow';
    });
    expect(await group.all([slow, group.run(async () => 7)])).toEqual(['slow', 7]);
  });

  it('stops the others where one fails, and throws its failure when all have ended', async () => {
    const group = taskGroup(never);
    const log: string[] = [];
    const waiting = group.run(patient(log));
    const failing = group.run(async () => {
      throw new Error('first');
    });
    await expect(group.all([waiting, failing])).rejects.toThrow('first');
    expect(log).toEqual(['ended']);
  });

  it('is stopped from outside', async () => {
    const stop = new AbortController();
    const group = taskGroup(stop.signal);
    const log: string[] = [];
    const all = group.all([group.run(patient(log)), group.run(patient(log))]);
    stop.abort();
    await expect(all).rejects.toMatchObject({ name: 'AbortError' });
    expect(log).toEqual(['ended', 'ended']);
  });
});
