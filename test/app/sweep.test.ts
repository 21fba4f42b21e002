import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sweep } from '../../app/sweep.ts';
import { takeDrop } from '../../app/take-drop.ts';
import { WAITED_FOR_SPOT } from '../../core/dispatch/task-failure.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Job, JobState } from '../../core/job/job.ts';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { type DropMill, dropMill } from '../support/drop-mill.ts';

const KEY = 'input/preserve/clip.mov';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a sweep', () => {
  let mill: DropMill;

  beforeEach(async () => {
    mill = await dropMill();
    await mill.folder.write(KEY, 'some bytes', 'video/mp4');
  });
  afterEach(() => mill.close());

  const run = (upkeep: readonly Upkeep[] = []) => sweep({ ...mill, upkeep });
  async function job(): Promise<Job> {
    const [found] = await mill.jobs.list(1);
    if (!found) throw new Error('no job');
    return found;
  }
  async function save(state: JobState): Promise<void> {
    const now = await job();
    await mill.jobs.claim(now.id, { owner: 'task', until: mill.clock.now() + 60_000 }, mill.clock.now());
    await mill.jobs.save({ ...now, state, updatedMs: mill.clock.now() }, 'task');
  }
  const submitCutOff = async () => {
    mill.failNext('before', new ServiceError('busy', 'cut off'));
    await takeDrop(KEY, mill).catch(() => {});
  };

  it('does nothing where nothing is left undone', async () => {
    await takeDrop(KEY, mill);
    expect(await run()).toEqual({ open: 0, sent: 0, givenUp: 0, mended: 0, leaks: [] });
    mill.pass(HOUR);
    expect(await run()).toMatchObject({ open: 1, sent: 0, givenUp: 0 });
    expect(mill.sent).toHaveLength(1);
    expect([mill.notices, mill.figures]).toEqual([[], []]);
  });

  it('sends what was queued and never sent, once', async () => {
    await submitCutOff();
    expect((await run()).sent).toBe(0); // it may still be on its way
    mill.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect((await run()).sent).toBe(0);
    expect(mill.sent).toHaveLength(1);
  });

  it('gives up, and tells, where the source of such a job is gone', async () => {
    await submitCutOff();
    await mill.folder.remove(KEY);
    mill.pass(HOUR);
    expect((await run()).givenUp).toBe(1);
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'no-input' });
    expect(mill.notices).toMatchObject([{ kind: 'failed' }]);
  });

  it.each(['ended', 'unknown'] as const)('sends a job again whose container is %s without a word', async (status) => {
    await takeDrop(KEY, mill);
    await save({ status: 'running', segments: { done: 1, total: 9 } });
    mill.progressOf.set('sent-1', { status });
    expect((await run()).sent).toBe(0);
    mill.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect(await job()).toMatchObject({ state: { status: 'queued' }, sent: { reference: 'sent-2' } });
    expect((await run()).sent).toBe(0);
  });

  it('keeps what a job was given because it had failed without', async () => {
    await takeDrop(KEY, mill);
    const { id, sent } = await job();
    if (sent) await mill.jobs.note(id, { sent: { ...sent, amends: { larger: 2, market: 'on-demand' } } });
    mill.progressOf.set('sent-1', { status: 'ended' });
    mill.pass(HOUR);
    await run();
    expect(mill.sent.at(-1)?.route).toMatchObject({ market: 'on-demand', size: { memoryMiB: 16384 } });
  });

  it('sends to machines on demand what was taken back from Spot, where nobody heard of that end', async () => {
    await takeDrop(KEY, mill);
    const end = { statusReason: WAITED_FOR_SPOT, containerReason: undefined, exitCode: undefined };
    mill.progressOf.set('sent-1', { status: 'ended', end });
    mill.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect(mill.sent.at(-1)?.route).toMatchObject({ market: 'on-demand' });
    expect((await run()).sent).toBe(0);
  });

  it('does not send for ever what ends for ever', async () => {
    await takeDrop(KEY, mill);
    for (let hours = 0; hours < 100; hours++) {
      for (const reference of mill.sent.map((each) => each.reference))
        mill.progressOf.set(reference, { status: 'ended' });
      mill.pass(HOUR);
      await run();
    }
    expect(mill.sent.length).toBeLessThan(75);
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'bug' });
    expect(mill.notices).toHaveLength(1);
  });

  it('leaves alone what runs, however long, and what is worked on by who made it', async () => {
    await takeDrop(KEY, mill);
    mill.pass(10 * DAY);
    expect(await run()).toMatchObject({ open: 1, sent: 0, givenUp: 0 });
    expect(mill.sent).toHaveLength(1);
  });

  it('tells how long the oldest job waits for a machine', async () => {
    await takeDrop(KEY, mill);
    mill.progressOf.set('sent-1', { status: 'waiting', sinceMs: mill.clock.now() });
    mill.pass(2 * HOUR);
    await run();
    expect(mill.figures).toEqual([{ name: 'RunnableSeconds', value: 7_200 }]);
  });

  describe('of what was left lying', () => {
    const leak = (kind: Leak['kind'], name: string): Leak => ({ kind, name, sinceMs: 0 });
    function upkeepOf(...there: Leak[]): Upkeep & { readonly asked: number[] } {
      const asked: number[] = [];
      return {
        asked,
        afterMs: HOUR,
        async *leaks(beforeMs) {
          asked.push(beforeMs);
          yield* [...there];
        },
        async mend({ kind, name }) {
          if (kind !== 'work') return false;
          there.splice(
            there.findIndex((each) => each.name === name),
            1,
          );
          return true;
        },
      };
    }

    it('takes away what it may, and tells at its second sight, once, what only people may', async () => {
      const upkeep = upkeepOf(leak('work', 'work/a'), leak('gpu-instance', 'i-1'));
      expect(await run([upkeep])).toMatchObject({ mended: 1, leaks: [{ name: 'i-1' }] });
      expect(mill.notices).toEqual([]);
      for (let times = 0; times < 3; times++)
        expect(await run([upkeep])).toMatchObject({ mended: 0, leaks: [{ name: 'i-1' }] });
      expect(mill.notices).toEqual([
        expect.objectContaining({
          kind: 'report',
          summary: 'a GPU machine runs and does nothing: i-1, since 1970-01-01T00:00:00.000Z',
        }),
      ]);
      expect(mill.figures.filter(({ name }) => name === 'Leaks')).toHaveLength(4);
    });

    it('asks for what has lain there long enough', async () => {
      const upkeep = upkeepOf();
      await run([upkeep]);
      expect(upkeep.asked).toEqual([mill.clock.now() - HOUR]);
    });
  });
});
