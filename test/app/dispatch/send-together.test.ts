import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { together } from '../../../app/dispatch/send-together.ts';
import { settleBurst } from '../../../app/dispatch/settle-burst.ts';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import type { TaskEnd } from '../../../core/dispatch/task-failure.ts';
import { ServiceError } from '../../../core/errors.ts';
import { burstListKey, burstListText } from '../../../core/job/burst-list.ts';
import type { Job, JobState } from '../../../core/job/job.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const keyOf = (name: string) => `input/preserve/${name}.mov`;
const lost = new ServiceError('busy', 'Batch does not answer; try again');

describe('small drops that come together', () => {
  let intake: TestIntake;

  beforeEach(async () => {
    intake = await testIntake();
  });
  afterEach(() => intake.close());

  /** Takes drops in as on-drop takes the messages that it is given at once. */
  async function come(...names: readonly string[]) {
    const others = together(intake);
    for (const name of names) {
      if (!(await intake.folder.head(keyOf(name))))
        await intake.folder.write(keyOf(name), `the bytes of ${name}`, 'video/mp4');
      await takeDrop(keyOf(name), { ...intake, send: others.send });
    }
    return others.sendAll();
  }

  async function jobOf(name: string): Promise<Job> {
    const found = (await intake.jobs.list(100)).find(({ source }) => source === keyOf(name));
    if (!found) throw new Error(`no job of ${name}`);
    return found;
  }
  const jobsOf = (...names: readonly string[]) => Promise.all(names.map(jobOf));
  const sources = () => intake.sent.map(({ job }) => job.source);

  /** Does a job as its container does it. */
  async function save(name: string, state: JobState): Promise<void> {
    intake.pass(1_000);
    const now = await jobOf(name);
    await intake.jobs.claim(now.id, { owner: 'task', until: 9e9 }, 0);
    await intake.jobs.save({ ...now, state, updatedMs: intake.clock.now() }, 'task');
    await intake.jobs.release(now.id, 'task');
  }

  it('share one sending, which each of their rows names', async () => {
    expect([...(await come('a', 'b', 'c'))]).toEqual([]);
    const jobs = await jobsOf('a', 'b', 'c');
    expect(jobs.map(({ sent }) => sent?.reference)).toEqual(['sent-1', 'sent-1', 'sent-1']);
    const [first] = jobs;
    expect(first?.burst).toEqual({ name: expect.stringMatching(/^[0-9a-f]{32}$/), index: 0, of: 1 });
    expect(new Set(jobs.map(({ burst }) => JSON.stringify(burst))).size).toBe(1);
  });

  it('goes as ever if it is the only one', async () => {
    await come('a');
    expect(await jobOf('a')).toMatchObject({ sent: { reference: 'sent-1' } });
    expect((await jobOf('a')).burst).toBeUndefined();
  });

  it('are sent once, however often they are delivered', async () => {
    for (let times = 0; times < 3; times++) await come('a', 'b', 'c');
    expect(sources()).toEqual(['a', 'b', 'c'].map(keyOf));
  });

  it.each([{ when: 'before' as const }, { when: 'after' as const }])(
    'are told of as not sent where sending them failed $when Batch had them, and sent once by the next delivery',
    async ({ when }) => {
      intake.failNext(when, lost);
      const failed = await come('a', 'b');
      expect([...failed]).toEqual((await jobsOf('a', 'b')).map(({ id }) => [id, lost]));
      expect([...(await come('b', 'c', 'a'))]).toEqual([]);
      expect(sources().toSorted()).toEqual(['a', 'b', 'c'].map(keyOf));
      for (const { sent, id } of await jobsOf('a', 'b', 'c'))
        expect(sent?.reference).toBe(intake.sent.find(({ job }) => job.id === id)?.reference);
    },
  );

  it('are found again one by one too, since the note of each names what it was sent in', async () => {
    intake.failNext('before', lost);
    await come('a', 'b');
    await come('a'); // of its burst nothing was sent
    const { burst, sent } = await jobOf('a');
    expect([burst?.of, sent?.reference]).toEqual([1, 'sent-1']);
    expect(burst?.name).not.toBe((await jobOf('b')).burst?.name);
  });

  describe('when their container has ended', () => {
    beforeEach(() => come('a', 'b', 'c'));

    async function ends(end: Partial<TaskEnd>, succeeded = false) {
      const jobs = await jobsOf('a', 'b', 'c');
      const burst = jobs[0]?.burst?.name ?? '';
      const listed = jobs.map(({ id, source }) => ({ job: id, key: source, bytes: 1 }));
      await intake.folder.write(burstListKey(burst), burstListText([listed]), 'application/json');
      const none = { statusReason: undefined, containerReason: undefined, exitCode: undefined };
      const ending = { burst, index: 0, reference: 'sent-1', succeeded, end: { ...none, ...end } };
      return settleBurst(ending, intake);
    }

    it('are told of one by one: what failed, failed alone', async () => {
      await save('a', { status: 'failed', code: 'not-video', reason: 'there is no picture in it' });
      await save('b', { status: 'unchanged', manifest: 'm.json' });
      await save('c', { status: 'unchanged', manifest: 'm.json' });
      for (let times = 0; times < 2; times++)
        expect(await ends({ exitCode: 0 }, true)).toEqual(['settled', 'settled', 'settled']);
      expect(intake.notices.map(({ kind, source }) => [kind, source])).toEqual([
        ['failed', keyOf('a')],
        ['unchanged', keyOf('b')],
        ['unchanged', keyOf('c')],
      ]);
      expect(intake.sent).toHaveLength(3);
    });

    it('go together on demand where Spot had no machine, those that are done not among them', async () => {
      await save('b', { status: 'unchanged', manifest: 'm.json' });
      const said = 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';
      expect(await ends({ statusReason: said })).toEqual(['sent again', 'settled', 'sent again']);
      const [a, b, c] = await jobsOf('a', 'b', 'c');
      expect([a?.sent?.reference, c?.sent?.reference]).toEqual(['sent-4', 'sent-4']);
      expect(a?.sent?.escalation.market).toBe('on-demand');
      expect(b?.state.status).toBe('unchanged');
      // the event comes once more: the container that it tells of is no longer theirs
      expect(await ends({ statusReason: said })).toEqual(['other', 'settled', 'other']);
      expect(intake.sent).toHaveLength(5);
    });

    it.each([
      { what: 'ran out of memory', end: { containerReason: 'OutOfMemoryError: Container killed', exitCode: 137 } },
      { what: 'broke', end: { exitCode: 70 } },
    ])(
      'get a container each, of the size that they had, where it $what and nobody knows by which of them',
      async ({ end }) => {
        await save('c', { status: 'unchanged', manifest: 'm.json' });
        expect(await ends(end)).toEqual(['sent again', 'sent again', 'settled']);
        const [a, b] = await jobsOf('a', 'b');
        expect([a?.sent?.reference, b?.sent?.reference]).toEqual(['sent-4', 'sent-5']);
        for (const job of [a, b]) {
          expect(job?.sent?.escalation).toEqual({ larger: 0, market: 'spot', alone: true });
          expect(job?.burst).toBeUndefined();
        }
      },
    );

    it('gives more memory to the one that lacked it', async () => {
      await save('a', { status: 'failed', code: 'out-of-memory', reason: 'ffmpeg was killed' });
      await save('b', { status: 'unchanged', manifest: 'm.json' });
      await save('c', { status: 'unchanged', manifest: 'm.json' });
      expect(await ends({ exitCode: 0 }, true)).toEqual(['sent again', 'settled', 'settled']);
      expect((await jobOf('a')).sent?.escalation).toEqual({ larger: 1, market: 'spot' });
    });

    it('settles the others where one cannot be told of, and that one with the next delivery', async () => {
      for (const name of ['a', 'b', 'c']) await save(name, { status: 'unchanged', manifest: 'm.json' });
      intake.failNextNotice(lost);
      await expect(ends({ exitCode: 0 }, true)).rejects.toBe(lost);
      expect(intake.notices).toHaveLength(2);
      await ends({ exitCode: 0 }, true);
      expect(intake.notices.map(({ source }) => source).toSorted()).toEqual(['a', 'b', 'c'].map(keyOf));
    });
  });
});
