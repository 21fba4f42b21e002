import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../../support/clip.ts';
import { encodersOf } from '../../support/encoders.ts';
import { until } from '../../support/processes.ts';
import { reelmill, runOf, startReelmill } from '../../support/reelmill.ts';
import type { StartedProgram } from '../../support/started-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** One segment that an encoder is busy with for minutes. */
const ENDLESS = ['preset=veryslow', 'segmentSeconds=60'].flatMap((set) => ['--set', set]);

let source = '';
let out = '';
let run: StartedProgram;

beforeAll(async () => {
  const folder = await temporaryFolder();
  source = join(folder, 'film.mp4');
  out = join(folder, 'out');
  await makeClip(source, { seconds: 30, size: '640x360' });
  const [command = '', ...args] = runOf([source], { out, set: ENDLESS });
  run = startReelmill([command, '--cores', '1', '--nice', '7', ...args]);
  await until(async () => (await encodersOf(source)).length > 0);
});
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
});

const states = async () => (await encodersOf(source)).map(({ state }) => state);

describe('a run with a share of the machine', () => {
  it('encodes on as many processors as it may, and after others', async () => {
    const [encoder] = await encodersOf(source);
    expect(encoder?.nice).toBe(7);
    const status = await readFile(`/proc/${encoder?.pid}/status`, 'utf8');
    expect(status).toMatch(/^Cpus_allowed_list:\t\d+$/m);
  });

  it.each([
    { args: ['--cores', '0'], says: '--cores 0 is out of range; it takes 1 to' },
    { args: ['--cores', '4000'], says: `--cores 4000 is more than there are; it takes 1 to ${availableParallelism()}` },
    { args: ['--nice', '-5'], says: '--nice -5 is out of range; it takes 0 to 19' },
  ])('is refused for $args', async ({ args, says }) => {
    const { code, stderr } = await reelmill(['run', ...args, '--recipe', 'preserve', '--out', out, '--', source]);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining(says) });
  });
});

describe('reelmill pause and resume', () => {
  it('stop an encode where it is and let it go on', async () => {
    expect((await startReelmill(['pause', out]).ended).code).toBe(0);
    await until(async () => (await states()).every((state) => state === 'T'));
    expect(await states()).toEqual(['T']);
    const again = (await startReelmill(['pause', out]).ended).stderr;
    expect(again).toContain(`is paused already; reelmill resume ${JSON.stringify(out)} lets it go on`);
    expect((await startReelmill(['jobs', '--work', out]).ended).stdout).toMatch(/ paused, 0 of \d+ segments /);

    expect((await startReelmill(['resume', out]).ended).code).toBe(0);
    await until(async () => (await states()).every((state) => state !== 'T'));
    expect(await states()).toEqual([expect.not.stringMatching('T')]);
    expect((await startReelmill(['jobs', '--work', out]).ended).stdout).toMatch(/ running, 0 of \d+ segments /);
    expect((await startReelmill(['resume', out]).ended).stderr).toContain('was not paused');
  });

  it('do not keep Ctrl-C from ending a paused run', async () => {
    expect((await startReelmill(['pause', out]).ended).code).toBe(0);
    await until(async () => (await states()).every((state) => state === 'T'));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(await encodersOf(source)).toEqual([]);
  });

  it('say that there is nothing to pause', async () => {
    const { code, stderr } = await reelmill(['pause', await temporaryFolder()]);
    expect({ code, stderr }).toEqual({ code: 66, stderr: expect.stringContaining('there is no job table in') });
  });
});
