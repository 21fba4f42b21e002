import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sweep } from '../../../app/dispatch/sweep.ts';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import { WAITED_FOR_SPOT } from '../../../core/dispatch/task-failure.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { Job, JobState } from '../../../core/job/job.ts';
import type { Leak, Upkeep } from '../../../core/ports/upkeep.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const KEY = 'input/preserve/clip.mov';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a sweep', () => {
  let intake: TestIntake;

  beforeEach(async () => {
    intake = await testIntake();
    await intake.folder.write(KEY, 'some bytes', 'video/mp4');
  });
  afterEach(() => intake.close());

  const run = (upkeep: readonly Upkeep[] = []) => sweep({ ...intake, upkeep });
  async function job(): Promise<Job> {
    const [found] = await intake.jobs.list(1);
    if (!found) throw new Error('no job');
    return found;
  }
  async function save(state: JobState): Promise<void> {
    const now = await job();
    await intake.jobs.claim(now.id, { owner: 'task', until: intake.clock.now() + 60_000 }, intake.clock.now());
    await intake.jobs.save({ ...now, state, updatedMs: intake.clock.now() }, 'task');
  }
  const submitCutOff = async () => {
    intake.failNext('before', new ServiceError('busy', 'cut off'));
    await takeDrop(KEY, intake).catch(() => {});
  };

  it('does nothing where nothing is left undone', async () => {
    await takeDrop(KEY, intake);
    expect(await run()).toEqual({ open: 0, sent: 0, givenUp: 0, mended: 0, leaks: [] });
    intake.pass(HOUR);
    expect(await run()).toMatchObject({ open: 1, sent: 0, givenUp: 0 });
    expect(intake.sent).toHaveLength(1);
    expect([intake.notices, intake.figures]).toEqual([[], []]);
  });

  it('sends what was queued and never sent, once', async () => {
    await submitCutOff();
    expect((await run()).sent).toBe(0); // it may still be on its way
    intake.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect((await run()).sent).toBe(0);
    expect(intake.sent).toHaveLength(1);
  });

  it('gives up, and tells, where the source of such a job cannot be read any more', async () => {
    await submitCutOff();
    intake.pass(HOUR);
    const measure = () => Promise.reject(new ServiceError('no-input', 'S3 refuses to give it'));
    const swept = await sweep({ ...intake, inbox: { ...intake.inbox, measure }, upkeep: [] });
    expect(swept).toMatchObject({ open: 1, sent: 0, givenUp: 1 });
    expect((await job()).state).toEqual({ status: 'failed', code: 'no-input', reason: 'S3 refuses to give it' });
    expect(intake.notices).toHaveLength(1);
  });

  it('goes on with the others where it cannot look after one job, and fails at its end', async () => {
    await submitCutOff();
    await intake.folder.write('input/preserve/other.mov', 'some bytes', 'video/mp4');
    intake.failNext('before', new ServiceError('busy', 'cut off'));
    await takeDrop('input/preserve/other.mov', intake).catch(() => {});
    intake.pass(HOUR);
    intake.failNext('before', new Error('the first one'));
    await expect(run()).rejects.toThrow('the first one');
    expect(intake.sent).toHaveLength(1);
  });

  it('gives up, and tells, where the source of such a job is gone', async () => {
    await submitCutOff();
    await intake.folder.remove(KEY);
    intake.pass(HOUR);
    expect((await run()).givenUp).toBe(1);
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'no-input' });
    expect(intake.notices).toMatchObject([{ kind: 'failed' }]);
  });

  it.each(['ended', 'unknown'] as const)('sends a job again whose container is %s without a word', async (status) => {
    await takeDrop(KEY, intake);
    await save({ status: 'running', segments: { done: 1, total: 9 } });
    intake.progressOf.set('sent-1', { status });
    expect((await run()).sent).toBe(0);
    intake.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect(await job()).toMatchObject({ state: { status: 'queued' }, sent: { reference: 'sent-2' } });
    expect((await run()).sent).toBe(0);
  });

  it('keeps what a job was given because it had failed without', async () => {
    await takeDrop(KEY, intake);
    const { id, sent } = await job();
    if (sent) await intake.jobs.note(id, { sent: { ...sent, escalation: { larger: 2, market: 'on-demand' } } });
    intake.progressOf.set('sent-1', { status: 'ended' });
    intake.pass(HOUR);
    await run();
    expect(intake.sent.at(-1)?.route).toMatchObject({ market: 'on-demand', size: { memoryMiB: 16384 } });
  });

  it('sends to machines on demand what was taken back from Spot, where nobody heard of that end', async () => {
    await takeDrop(KEY, intake);
    const end = { statusReason: WAITED_FOR_SPOT, containerReason: undefined, exitCode: undefined };
    intake.progressOf.set('sent-1', { status: 'ended', end });
    intake.pass(HOUR);
    expect((await run()).sent).toBe(1);
    expect(intake.sent.at(-1)?.route).toMatchObject({ market: 'on-demand' });
    expect((await run()).sent).toBe(0);
  });

  it('does not send for ever what ends for ever', async () => {
    await takeDrop(KEY, intake);
    for (let hours = 0; hours < 100; hours++) {
      for (const reference of intake.sent.map((each) => each.reference))
        intake.progressOf.set(reference, { status: 'ended' });
      intake.pass(HOUR);
      await run();
    }
    expect(intake.sent.length).toBeLessThan(75);
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'bug' });
    expect(intake.notices).toHaveLength(1);
  });

  it('leaves alone what runs, however long, and what is worked on by who made it', async () => {
    await takeDrop(KEY, intake);
    intake.pass(10 * DAY);
    expect(await run()).toMatchObject({ open: 1, sent: 0, givenUp: 0 });
    expect(intake.sent).toHaveLength(1);
  });

  it('tells how long the oldest job waits for a machine', async () => {
    await takeDrop(KEY, intake);
    intake.progressOf.set('sent-1', { status: 'waiting', sinceMs: intake.clock.now() });
    intake.pass(2 * HOUR);
    await run();
    expect(intake.figures).toEqual([{ name: 'RunnableSeconds', value: 7_200 }]);
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
      expect(intake.notices).toEqual([]);
      for (let times = 0; times < 3; times++)
        expect(await run([upkeep])).toMatchObject({ mended: 0, leaks: [{ name: 'i-1' }] });
      expect(intake.notices).toEqual([
        expect.objectContaining({
          kind: 'report',
          summary: 'a GPU machine runs and does nothing: i-1, since 1970-01-01T00:00:00.000Z',
        }),
      ]);
      expect(intake.figures.filter(({ name }) => name === 'Leaks')).toHaveLength(4);
    });

    it('asks for what has lain there long enough', async () => {
      const upkeep = upkeepOf();
      await run([upkeep]);
      expect(upkeep.asked).toEqual([intake.clock.now() - HOUR]);
    });
  });
});
