import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from '../../core/schedule.ts';
import { runProcess } from '../../media/process/run-process.ts';
import { keepPace, letGoOn, pauseWork, resuming } from '../../runtime/pace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = (hours: number, minutes = 0) => new Date(2026, 10, 28, hours, minutes).getTime();

/** A pace whose clock stands where the test puts it, and the next sentence that it tells. */
async function paced(hours: string | undefined, startMs: number) {
  const work = await temporaryFolder();
  const abort = new AbortController();
  const clock = { now: () => startMs };
  const told: string[] = [];
  let heard = () => {};
  const report = (sentence: string) => {
    told.push(sentence);
    heard();
  };
  const schedule = hours === undefined ? undefined : scheduleOf(hours);
  keepPace({ work, schedule, clock, signal: abort.signal, report });
  return {
    work,
    clock,
    stop: () => abort.abort(),
    async tells(sentence: string): Promise<void> {
      while (!told.includes(sentence))
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
    },
  };
}

/** Starts a program, and tells whether it has begun. */
function program() {
  const started = { hasRun: false, ended: Promise.resolve<unknown>(undefined) };
  const { signal } = new AbortController();
  started.ended = runProcess(process.execPath, ['-e', 'console.log(1)'], {
    signal,
    onStdoutLine: () => {
      started.hasRun = true;
    },
  });
  return started;
}

describe('work with hours', () => {
  it('begins nothing before they begin, and goes on then', async () => {
    const pace = await paced('22:00-07:00', at(21, 59));
    await pace.tells('pausing until 22:00: work is done at 22:00-07:00');
    const started = program();
    expect(started.hasRun).toBe(false);
    pace.clock.now = () => at(22);
    await pace.tells('going on');
    await started.ended;
    expect(started.hasRun).toBe(true);
    pace.stop();
  });

  it('pauses when they end', async () => {
    const pace = await paced('22:00-07:00', at(6, 59));
    await program().ended;
    pace.clock.now = () => at(7);
    await pace.tells('pausing until 22:00: work is done at 22:00-07:00');
    pace.stop();
  });
});

describe('a paused work folder', () => {
  it('holds everything until it may go on, also what is begun while it is paused', async () => {
    const pace = await paced(undefined, at(12));
    expect(await pauseWork(pace.work)).toBe(true);
    await pace.tells(`paused; reelmill resume --work ${JSON.stringify(pace.work)} lets it go on`);
    const started = program();
    expect(started.hasRun).toBe(false);
    expect(await letGoOn(pace.work)).toBe(true);
    await started.ended;
    pace.stop();
  });

  it('is named as people name it: by the folder of results where it lies there', () => {
    expect(resuming('/films/out/.reelmill/work')).toBe('reelmill resume "/films/out"');
    expect(resuming('/elsewhere/work')).toBe('reelmill resume --work "/elsewhere/work"');
  });

  it('does not keep what is stopped from ending', async () => {
    const pace = await paced(undefined, at(12));
    await writeFile(join(pace.work, 'paused'), '');
    await pace.tells(`paused; reelmill resume --work ${JSON.stringify(pace.work)} lets it go on`);
    const started = program();
    pace.stop();
    await started.ended;
    expect(started.hasRun).toBe(true);
  });
});
