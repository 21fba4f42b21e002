import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cancel } from '../../cli/commands/cancel.ts';
import { jobs, show } from '../../cli/commands/jobs.ts';
import { ask, retry } from '../../cli/commands/retry.ts';
import type { TableOptions } from '../../cli/stage/job-table.ts';
import { type Job, type JobState, jobId } from '../../core/job/job.ts';
import { droppedKeys } from '../../functions/events.ts';
import { newJob } from '../fixtures/new-job.ts';
import { eventsIn, reelmill, startReelmill } from '../support/reelmill.ts';
import { at, commandAlone, type StageServer, stageServer } from '../support/stage-server.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FAILED = { status: 'failed', code: 'truncated', reason: 'it ends before its index says' } as const;
const RUNNING = { status: 'running', segments: { done: 3, total: 20 } } as const;
const SENT = { reference: 'batch-1', escalation: { larger: 0, market: 'spot' }, atMs: 1_500 } as const;

describe('a deployed stage, steered from here', () => {
  let stage: StageServer;
  let made = 0;

  beforeAll(async () => {
    stage = await stageServer();
  });
  afterEach(() => stage.queued());
  afterAll(() => stage.close());

  async function job(state: JobState, changes: Partial<Job> = {}): Promise<Job> {
    const film = newJob(`tour/day 1/clip ${++made}.mov`, { recipe: 'ladder', createdMs: made, state, ...changes });
    await stage.jobs.create(film);
    return film;
  }

  const run = (...words: readonly string[]) => reelmill([...words, '--json', ...at(stage)]);

  it('lists its jobs as those of a folder', async () => {
    const [older, newer] = [await job(FAILED), await job(RUNNING)];
    const { code, events } = await run('jobs', '--limit', '2');
    expect({ code, events }).toEqual({ code: 0, events: [newer, older] });
    const { stdout } = await startReelmill(['jobs', ...at(stage)]).ended;
    expect(stdout).toMatch(/tour\/day 1\/clip 2\.mov │ running, 3 of 20 segments/);
    expect(stdout).toContain('failed (truncated)');
  });

  it('shows a job by the beginning of its id', async () => {
    const one = await job(FAILED);
    const { code, last } = await run('show', one.id.slice(0, 12));
    expect({ code, last }).toEqual({ code: 0, last: one });
  });

  it('has a job made again, by the way that a drop comes in', async () => {
    const one = await job(FAILED, { source: 'input/ladder/tour/day 1/100 % + Ü.mov' });
    await stage.jobs.note(one.id, { sent: SENT });
    const { code, last } = await run('retry', one.id.slice(0, 12));
    const { id, recipe, source } = one;
    expect({ code, last }).toEqual({ code: 0, last: { type: 'job.queued', job: id, recipe, source } });
    expect(await stage.jobs.get(id)).toMatchObject({ state: { status: 'queued' } });
    expect((await stage.jobs.get(id))?.sent).toBeUndefined();
    const [message, ...others] = await stage.queued();
    expect(others).toEqual([]);
    expect(JSON.parse(message ?? '')).toMatchObject({
      Records: [{ eventName: 'ObjectCreated:Retry', s3: { object: { key: encodeURI(source).replace('+', '%2B') } } }],
    });
  });

  it('has a job of a backfill made again with the settings of the backfill', async () => {
    const source = 's3://my-archive/100 % + Ü.mov';
    const outputPrefix = 'output/preserve/s3/my-archive/100 % + Ü.mov/';
    const one = await job(FAILED, { source, outputPrefix, settings: { crf: 28 } });
    expect((await run('retry', one.id)).code).toBe(0);
    const [message = ''] = await stage.queued();
    expect(droppedKeys(message)).toEqual([{ key: source, to: 'preserve', settings: { crf: '28' } }]);
  });

  it('counts a wish for a rendition, and has it made', async () => {
    const one = await job({ status: 'done', manifest: 'output/ladder/a/manifest.json' });
    const { code } = await run('ask', one.id, 'hd', '--downloads', '3');
    expect(code).toBe(0);
    expect(await stage.jobs.get(one.id)).toMatchObject({ state: { status: 'queued', asked: ['hd'] } });
    expect((await stage.demand.of(one.outputPrefix)).get('hd')).toMatchObject({ downloads: 3 });
    expect(await stage.queued()).toHaveLength(1);
  });

  it.each([
    { sent: SENT, ends: '/v1/terminatejob', told: '"jobId":"batch-1"' },
    {
      sent: { ...SENT, reference: 'arn:aws:states:us-east-1:111122223333:execution:workflow:1' },
      ends: 'AWSStepFunctions.StopExecution',
      told: ':execution:workflow:1',
    },
  ])('ends a job where it runs: $ends', async ({ sent, ends, told }) => {
    const one = await job(RUNNING);
    await stage.jobs.note(one.id, { sent });
    const { code, last } = await run('cancel', one.id.slice(0, 12));
    expect({ code, last }).toMatchObject({ code: 0, last: { type: 'job.cancelled', job: one.id } });
    expect(await stage.jobs.get(one.id)).toMatchObject({ state: { status: 'failed', code: 'cancelled' } });
    expect(stage.heardOf(ends).at(-1)?.body).toContain(told);
  });

  it('cancels a job that shares a container by its row alone, since the others go on', async () => {
    const one = await job({ status: 'queued' });
    const burst = { name: 'the-burst', index: 0, of: 1 };
    await stage.jobs.note(one.id, { sent: SENT });
    await stage.jobs.note(one.id, { burst });
    const asked = stage.heardOf('/v1/terminatejob').length;
    expect((await run('cancel', one.id)).code).toBe(0);
    expect(await stage.jobs.get(one.id)).toMatchObject({
      state: { status: 'failed', code: 'cancelled' },
      burst: { ...burst, cancelledMs: expect.any(Number) },
    });
    expect(stage.heardOf('/v1/terminatejob')).toHaveLength(asked);
  });

  it.each<{ says: string; code?: string; state?: JobState; asks(job: Job, asked: TableOptions): Promise<number> }>([
    {
      says: 'is running; only a job that has ended can be made again',
      state: RUNNING,
      asks: ({ id }, asked) => retry(id, asked),
    },
    { says: 'has ended already (failed); it cannot be cancelled', asks: ({ id }, asked) => cancel(id, asked) },
    {
      says: 'is running; ask again when it has ended',
      code: 'busy',
      state: RUNNING,
      asks: ({ id }, asked) => ask(id, 'hd', asked),
    },
    { says: 'ladder makes no "8k"; there are: ', asks: ({ id }, asked) => ask(id, '8k', asked) },
    { says: '--views many is not a count', asks: ({ id }, asked) => ask(id, 'hd', { ...asked, views: 'many' }) },
    {
      says: '--remake is for work on this machine',
      asks: ({ id }, asked) => retry(id, { ...asked, remake: true }),
    },
    { says: '(/tmp) or --stage, and not both', asks: ({ id }, asked) => retry(id, { ...asked, work: '/tmp' }) },
    { says: '(/tmp) or --stage, and not both', asks: (_, asked) => jobs({ ...asked, work: '/tmp', limit: '5' }) },
    {
      says: 'no job "fedcba9876543210" in the stage dev; reelmill jobs --stage dev lists its jobs',
      asks: (_, asked) => show('fedcba9876543210', asked),
    },
    { says: 'is not the id of a job; ids are hexadecimal', asks: (_, asked) => cancel('x\n1', asked) },
    {
      says: '2 ids begin with "',
      async asks({ id, ...rest }, asked) {
        await stage.jobs.create({ ...rest, id: jobId.parse(`${id.slice(0, 20)}${'0'.repeat(12)}`) });
        return show(id.slice(0, 20), asked);
      },
    },
    { says: 'reelmill-other', code: 'no-input', asks: (_, asked) => jobs({ ...asked, stage: 'other', limit: '5' }) },
    { says: '"Dev!" is not the name of a stage', asks: (_, asked) => jobs({ ...asked, stage: 'Dev!', limit: '5' }) },
    { says: '"moon" is not the name of a region', asks: (_, asked) => jobs({ ...asked, region: 'moon', limit: '5' }) },
  ])('refuses in one sentence what cannot be: $says', async ({ says, code = 'usage', state = FAILED, asks }) => {
    const one = await job(state);
    const asked = asks(one, { stage: 'dev', region: 'us-east-1', endpoint: stage.endpoint });
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) });
    await expect(asked).rejects.toThrow(says);
    expect(await stage.jobs.get(one.id)).toEqual(one);
    expect(await stage.queued()).toEqual([]);
  });

  it.each([
    {
      what: 'there are no credentials',
      to: () => at(stage),
      code: 66,
      told: 'no-input',
      says: /: run aws configure or aws sso login, /,
    },
    {
      what: 'nobody answers',
      to: () => [...at({ endpoint: 'http://127.0.0.1:1' })],
      code: 75,
      told: 'busy',
      says: /ECONNREFUSED/,
    },
  ])('says in one sentence that $what', async ({ what, to, code, told, says }) => {
    const { program, args, env } = commandAlone(['cancel', 'ab', '--json', ...to()], await temporaryFolder());
    const keys = what === 'nobody answers' ? { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } : {};
    const ended = await startProgram(program, args, { env: { ...env, ...keys } }).ended;
    expect({ code: ended.code, lines: ended.stderr.trim().split('\n') }).toEqual({
      code,
      lines: [expect.stringMatching(says)],
    });
    expect(eventsIn(ended.stdout)).toMatchObject([{ type: 'job.failed', code: told }]);
  });
});
