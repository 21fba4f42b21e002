import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ending, notePartFailure, settleJob } from '../../../app/dispatch/settle-job.ts';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import { disksFrom } from '../../../core/dispatch/disks.ts';
import type { TaskEnd } from '../../../core/dispatch/task-failure.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { Job, JobState } from '../../../core/job/job.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const KEY = 'input/preserve/clip.mov';
const MANIFEST = 'output/preserve/clip.mov/manifest.json';
const lost = new ServiceError('busy', 'not delivered; try again');

const MEMORY = { containerReason: 'OutOfMemoryError: Container killed due to memory usage', exitCode: 137 };
const RECLAIMED = { statusReason: 'Your Spot Task was interrupted.' };
const ARRAY = { statusReason: 'Array Child Job failed' };

describe('the end of what a job was sent to', () => {
  let intake: TestIntake;

  beforeEach(async () => {
    intake = await testIntake();
    await intake.folder.write(KEY, 'some bytes', 'video/mp4');
    await takeDrop(KEY, intake);
  });
  afterEach(() => intake.close());

  async function job(): Promise<Job> {
    const [found] = await intake.jobs.list(1);
    if (!found) throw new Error('no job');
    return found;
  }

  async function ended(end: Partial<TaskEnd> = {}, succeeded = false): Promise<Ending> {
    const { id, sent } = await job();
    const none = { statusReason: undefined, containerReason: undefined, exitCode: undefined };
    return { job: id, reference: sent?.reference ?? 'unknown', succeeded, end: { ...none, ...end } };
  }

  /** As the task does it. */
  async function save(state: JobState): Promise<void> {
    intake.pass(1_000);
    const now = await job();
    await intake.jobs.claim(now.id, { owner: 'task', until: 9e9 }, 0);
    await intake.jobs.save({ ...now, state, updatedMs: intake.clock.now() }, 'task');
    await intake.jobs.release(now.id, 'task');
  }

  describe('that is done', () => {
    beforeEach(async () => {
      await intake.folder.write(MANIFEST, JSON.stringify(manifestFixture()), 'application/json');
      await save({ status: 'done', manifest: MANIFEST });
    });

    it('is told once, with what people want to know', async () => {
      const ending = await ended({ exitCode: 0 }, true);
      for (let times = 0; times < 3; times++) expect(await settleJob(ending, intake)).toBe('settled');
      expect(intake.notices).toEqual([
        expect.objectContaining({
          kind: 'done',
          source: KEY,
          summary: `${KEY} is done: 10.0 MB became 4.00 MB (60.0 % saved)`,
          details: expect.objectContaining({
            files: 'preserve.mp4',
            quality: 'vmaf 96.2, at worst 91.5',
            cost: '$0.0123',
            link: 'https://example.org/output/preserve/clip.mov',
          }),
        }),
      ]);
    });

    it('is counted once, with its cost', async () => {
      const ending = await ended({ exitCode: 0 }, true);
      await settleJob(ending, intake);
      await settleJob(ending, intake);
      expect(intake.figures).toEqual([
        { name: 'JobsDone', value: 1 },
        { name: 'EstimatedUsd', value: 0.0123 },
      ]);
    });

    it('is compared with what was planned, where it is known what it was done on', async () => {
      const { id } = await job();
      const usage = { vcpu: 2, memoryBytes: 4e9, peakMemoryBytes: 1e9, cpuSeconds: 10, wallSeconds: 10 };
      await intake.jobs.note(id, { usage });
      await settleJob(await ended({ exitCode: 0 }, true), intake);
      const slower = intake.figures.find(({ name }) => name === 'SlowerThanPlanned');
      // 1920 x 1080 x 250 frames at 16 megapixels a second and vCPU, on 2 vCPU; it took 40 s
      expect(slower?.value).toBeCloseTo(40 / ((1920 * 1080 * 250) / 16e6 / 2), 5);
    });

    it('is told by a later delivery, if the first could not', async () => {
      const ending = await ended({ exitCode: 0 }, true);
      intake.failNextNotice(lost);
      await expect(settleJob(ending, intake)).rejects.toBe(lost);
      await settleJob(ending, intake);
      expect(intake.notices).toHaveLength(1);
      expect(intake.figures).toHaveLength(2);
    });

    it('is told as done even though its container was killed after that', async () => {
      await settleJob(await ended(MEMORY), intake);
      expect(intake.notices).toMatchObject([{ kind: 'done' }]);
      expect(intake.sent).toHaveLength(1);
    });
  });

  it('that changed nothing says so', async () => {
    await save({ status: 'unchanged', manifest: MANIFEST });
    await settleJob(await ended({ exitCode: 0 }, true), intake);
    expect(intake.notices).toMatchObject([{ kind: 'unchanged' }]);
  });

  it('that the task failed of is told with its reason', async () => {
    await save({ status: 'failed', code: 'truncated', reason: 'the file ends in the middle of a frame' });
    expect(await settleJob(await ended({ exitCode: 65 }), intake)).toBe('settled');
    expect(intake.notices).toMatchObject([
      { kind: 'failed', summary: `${KEY}: the file ends in the middle of a frame`, details: { code: 'truncated' } },
    ]);
    expect(intake.figures).toEqual([{ name: 'JobsFailed', value: 1, cause: 'input' }]);
    expect(intake.sent).toHaveLength(1);
  });

  it('that the task could not tell of is written down for it', async () => {
    await save({ status: 'running', segments: { done: 3, total: 9 } });
    expect(
      await settleJob(await ended({ exitCode: 70, statusReason: 'Essential container in task exited' }), intake),
    ).toBe('settled');
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'bug' });
    const record = await intake.folder.read('failed/preserve/clip.mov.json');
    expect(JSON.parse(Buffer.from(record ?? []).toString())).toMatchObject({ code: 'bug', source: KEY });
    expect(intake.figures).toEqual([{ name: 'JobsFailed', value: 1, cause: 'bug' }]);
  });

  it.each([
    { what: 'while it worked', state: { status: 'running', segments: { done: 3, total: 9 } } },
    { what: 'and the task had time to say so', state: { status: 'failed', code: 'out-of-memory', reason: 'killed' } },
  ] as const)('for want of memory sends the job again, one size larger: $what', async ({ state }) => {
    await save(state);
    const first = await ended(MEMORY);
    expect(await settleJob(first, intake)).toBe('sent again');
    expect(intake.sent.map(({ route }) => route.size.memoryMiB)).toEqual([4096, 8192]);
    expect(await job()).toMatchObject({
      state: { status: 'queued' },
      sent: { reference: 'sent-2', escalation: { larger: 1 } },
    });
    expect(intake.notices).toEqual([]);

    expect(await settleJob(first, intake)).toBe('other');
    await save(state);
    expect(await settleJob(await ended(MEMORY), intake)).toBe('sent again');
    expect(intake.sent.at(-1)?.route.size.memoryMiB).toBe(16384);
  });

  it('for want of memory is a failure when there is no larger size', async () => {
    for (let times = 0; times < 10; times++) {
      await save({ status: 'running', segments: { done: 0, total: 1 } });
      if ((await settleJob(await ended(MEMORY), intake)) === 'settled') break;
    }
    expect(intake.sent.at(-1)?.route.size).toEqual({ vcpu: 16, memoryMiB: 122880 });
    expect(intake.notices).toMatchObject([{ kind: 'failed', details: { code: 'out-of-memory' } }]);
    expect(intake.figures).toEqual([{ name: 'JobsFailed', value: 1, cause: 'resources' }]);
  });

  it.each([
    { what: 'and the task had time to say so', end: { exitCode: 74 }, said: true },
    { what: 'in a container of a workflow', end: { exitCode: 74 }, said: false },
  ])('for a full disk sends the job again once with the next larger disk: $what', async ({ end, said }) => {
    const full = { status: 'failed', code: 'disk-full', reason: 'the disk under /tmp/reelmill is full' } as const;
    await save(said ? full : { status: 'running', segments: { done: 3, total: 9 } });
    const first = await ended(end);
    expect(await settleJob(first, intake)).toBe('sent again');
    expect(intake.sent.map(({ route }) => route.disk.gib)).toEqual([21, 50]);
    expect(intake.notices).toEqual([]);
    expect(await settleJob(first, intake)).toBe('other');

    await save(said ? full : { status: 'running', segments: { done: 3, total: 9 } });
    const second = await ended(end);
    for (let times = 0; times < 2; times++) expect(await settleJob(second, intake)).toBe('settled');
    expect(intake.sent).toHaveLength(2);
    const reason = expect.stringMatching(/; its disk had 50 GiB, and it was tried again once with a larger one$/);
    expect((await job()).state).toMatchObject({ status: 'failed', code: 'disk-full', reason });
    expect(intake.notices).toMatchObject([{ kind: 'failed', details: { code: 'disk-full' } }]);
    const record = await intake.folder.read('failed/preserve/clip.mov.json');
    expect(JSON.parse(Buffer.from(record ?? []).toString())).toMatchObject({ code: 'disk-full', reason });
  });

  it('for a full disk is a failure at once where the stack has no larger one', async () => {
    const small = { ...intake, disks: disksFrom('21 /') };
    await save({ status: 'failed', code: 'disk-full', reason: 'the disk is full' });
    expect(await settleJob(await ended({ exitCode: 74 }), small)).toBe('settled');
    expect(intake.sent).toHaveLength(1);
    expect((await job()).state).toMatchObject({
      reason: 'the disk is full; its disk had 21 GiB, and this stack has no larger one',
    });
  });

  it('that Spot reclaimed too often is tried on demand, and then is a failure', async () => {
    expect(await settleJob(await ended(RECLAIMED), intake)).toBe('sent again');
    expect(intake.sent.map(({ route }) => route.market)).toEqual(['spot', 'on-demand']);
    expect(await settleJob(await ended(RECLAIMED), intake)).toBe('settled');
    expect(intake.notices).toMatchObject([{ kind: 'failed', details: { code: 'reclaimed' } }]);
  });

  it('is settled by the next delivery when this one was cut off before it sent the job again', async () => {
    const ending = await ended(MEMORY);
    intake.failNext('before', lost);
    await expect(settleJob(ending, intake)).rejects.toBe(lost);
    expect(await settleJob(ending, intake)).toBe('sent again');
    expect(intake.sent.map(({ route }) => route.size.memoryMiB)).toEqual([4096, 8192]);
  });

  it('is a failure where its source is gone by now', async () => {
    await intake.folder.remove(KEY);
    expect(await settleJob(await ended(MEMORY), intake)).toBe('settled');
    expect(intake.notices).toMatchObject([{ kind: 'failed' }]);
    expect(intake.sent).toHaveLength(1);
  });

  it('of an array is judged by what was told of the part that failed', async () => {
    await notePartFailure(await ended(MEMORY), intake);
    expect(await settleJob(await ended(ARRAY), intake)).toBe('sent again');
    expect(intake.sent.at(-1)?.route.size.memoryMiB).toBe(8192);
    expect(await settleJob(await ended(ARRAY), intake)).toBe('settled');
    expect(intake.notices).toMatchObject([{ kind: 'failed', details: { code: 'bug' } }]);
  });

  it.each([
    { what: 'that ended well', end: { exitCode: 0 }, succeeded: true },
    { what: 'of which nothing is known', end: ARRAY, succeeded: false },
  ])('of a part $what is not noted', async ({ end, succeeded }) => {
    await notePartFailure(await ended(end, succeeded), intake);
    expect((await job()).partFailure).toBeUndefined();
  });

  it('which went well, of a job that is not done, is left to the sweep', async () => {
    expect(await settleJob(await ended({ exitCode: 0 }, true), intake)).toBe('open');
    expect(intake.notices).toEqual([]);
    expect(intake.sent).toHaveLength(1);
  });

  it('of a job that nobody knows is nothing', async () => {
    expect(await settleJob({ ...(await ended()), job: 'f'.repeat(32) as Job['id'] }, intake)).toBe('unknown');
  });
});
