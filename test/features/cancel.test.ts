import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { QUICK, reelmill, runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'evenIfLarger=true'];

describe('reelmill cancel', () => {
  let film: string;
  let other: string;
  beforeAll(async () => {
    const pictures = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=25:duration=${seconds}`];
    const args = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'];
    film = await makeClip({ file: 'long.mp4', args: [...pictures(3), ...args] });
    other = await makeClip({ file: 'short.mp4', args: [...pictures(1), ...args, '-crf', '1'] });
  });

  /** Starts a run whose first film never gets beyond its first piece, and gives the id of that job when it has this piece. */
  async function begun(out: string, files: readonly string[]) {
    const held = await heldFfmpeg('*long.mp4*libx265*');
    held.letGo(1);
    const run = startReelmill(runOf(files, { out, set: [...LARGER, '--at-once', '1'] }), held);
    let text = '';
    run.child.stdout?.on('data', (chunk: string) => {
      text += chunk;
    });
    await run.says('"segment.done"');
    return { run, job: /"job":"([0-9a-f]+)"/.exec(text)?.[1] ?? '' };
  }

  it('ends the work of another process, which exits with 130, and keeps the pieces for a retry', async () => {
    const out = await temporaryFolder();
    const { run, job } = await begun(out, [film, other]);
    const { code, last } = await reelmill(['cancel', job.slice(0, 12), out, '--json']);
    expect({ code, last }).toMatchObject({ code: 0, last: { type: 'job.cancelled', job } });
    const ended = await run.ended;
    const events = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ended.code).toBe(130);
    expect(events.find(({ type }) => type === 'job.failed')).toMatchObject({ job, code: 'cancelled' });
    // the other film of the run is made all the same
    expect(events.at(-1)).toMatchObject({ type: 'job.done', status: 'done' });
    await expect(access(join(out, 'preserve', 'long.mp4', 'manifest.json'))).rejects.toThrow();
    const shown = await reelmill(['show', job, out, '--json']);
    expect(shown.last).toMatchObject({ state: { status: 'failed', code: 'cancelled' } });
    const again = await reelmill(['cancel', job, out, '--json']);
    expect({ code: again.code, last: again.last }).toMatchObject({
      code: 64,
      last: { type: 'job.failed', code: 'usage', reason: expect.stringContaining('has ended already (failed)') },
    });
    const retried = startReelmill(['retry', job, out, '--json']);
    await retried.says('"job.planned"');
    retried.child.kill('SIGKILL');
    const planned = (await retried.ended).stdout.split('\n').find((line) => line.includes('"job.planned"'));
    expect(JSON.parse(planned ?? '').reused).toBeGreaterThan(0);
  });

  it('takes a job that a killed process has left, and no later run is ended by that', async () => {
    const out = await temporaryFolder();
    const { run, job } = await begun(out, [film]);
    run.child.kill('SIGKILL');
    await run.ended;
    expect((await reelmill(['cancel', job, out, '--json'])).last).toMatchObject({ type: 'job.cancelled', job });
    const { code, last } = await reelmill(runOf([film], { out, set: LARGER }));
    expect({ code, last }).toMatchObject({ code: 0, last: { type: 'job.done' } });
    expect(await readdir(join(out, '.reelmill', 'work', 'cancel'))).toEqual([]);
  });

  it('takes six characters of an id, and no fewer, since one or two may be a slip of the hand', async () => {
    const out = await temporaryFolder();
    const { run, job } = await begun(out, [film]);
    for (const command of ['cancel', 'show', 'retry'])
      expect(await reelmill([command, job.slice(0, 5), out])).toMatchObject({
        code: 64,
        stderr: expect.stringContaining(
          `"${job.slice(0, 5)}" is too little of an id; give at least 6 characters of it`,
        ),
      });
    expect((await reelmill(['cancel', job.slice(0, 6), out, '--json'])).last).toMatchObject({
      type: 'job.cancelled',
      job,
    });
    expect((await run.ended).code).toBe(130);
  });

  it.each([
    { args: ['cancel', 'abc'], code: 64, says: 'name the folder of results' },
    { args: ['cancel', 'xyz', '/tmp'], code: 64, says: 'is not the id of a job' },
    { args: ['cancel', 'abc', '/nowhere'], code: 64, says: 'there is no job table in /nowhere' },
  ])('says in one sentence: $says', async ({ args, code, says }) => {
    const run = await reelmill(args);
    expect({ code: run.code, lines: run.stderr.trim().split('\n') }).toEqual({
      code,
      lines: [expect.stringContaining(says)],
    });
  });
});
