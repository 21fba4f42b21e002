import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stageSpending } from '../../cli/commands/spending.ts';
import { newJob } from '../fixtures/new-job.ts';
import { clockAt, type SetClock } from '../support/clock-at.ts';
import { reelmill } from '../support/reelmill.ts';
import { at, type StageServer, stageServer } from '../support/stage-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('reelmill spending', () => {
  let stage: StageServer;
  let clock: SetClock;
  const today = new Date();
  const month = today.toISOString().slice(0, 7);
  const run = (...words: readonly string[]) =>
    reelmill(['spending', ...words, '--json', ...at(stage)], { under: clock.under });

  beforeAll(async () => {
    // By the clock of the command it is the 15th, since sums are kept by the month, and no month may end between two steps.
    const days = 15 - today.getUTCDate();
    clock = await clockAt(`${days < 0 ? '' : '+'}${days}d`, await temporaryFolder());
    stage = await stageServer();
    await stage.spending.add(month, 120, Date.now());
  });
  afterAll(() => stage.close());

  it('tells what this month came to, and that it has stopped', async () => {
    const { code, last } = await run();
    expect({ code, last }).toEqual({
      code: 0,
      last: { type: 'spending', month, usd: 120, allowedUsd: 100, isStopped: true },
    });
  });

  it('lets it go on: starts the machines, and delivers the jobs that wait, each under its recipe', async () => {
    await stage.spending.stop(month, Date.now());
    const waiting = newJob('waits.mov', { recipe: 'ladder', createdMs: 1, state: { status: 'queued' } });
    const foreign = newJob('foreign.mov', {
      ...{ createdMs: 2, source: 's3://my-archive/a.mov', outputPrefix: 'output/preserve/s3/my-archive/a.mov' },
      state: { status: 'queued' },
    });
    const failed = { status: 'failed', code: 'truncated', reason: 'it ends early' } as const;
    for (const job of [waiting, foreign, newJob('ended.mov', { createdMs: 3, state: failed })])
      await stage.jobs.create(job);
    const { last } = await run('--open', '30');
    expect(last).toMatchObject({ usd: 120, allowedUsd: 150, isStopped: false, delivered: 2 });
    const started = stage.heardOf('/v1/updatecomputeenvironment').map(({ body }) => JSON.parse(body).state);
    expect(started).toEqual(['ENABLED', 'ENABLED']);
    const records = (await stage.queued()).flatMap((body) => JSON.parse(body).Records);
    expect(records.map(({ s3, to }) => [decodeURIComponent(s3.object.key), to])).toEqual([
      [waiting.source, undefined],
      ['s3://my-archive/a.mov', 'preserve'],
    ]);
  });

  it.each(['-5', 'much', '0'])('refuses a sum that is none: %s', async (open) => {
    const asked = { stage: 'dev', region: 'us-east-1', endpoint: stage.endpoint, open };
    await expect(stageSpending(asked)).rejects.toMatchObject({ code: 'usage' });
  });
});
