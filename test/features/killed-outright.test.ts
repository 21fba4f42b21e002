import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { encodersOf, type RunningEncoder } from '../support/encoders.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { hasEnded, until } from '../support/processes.ts';
import { QUICK, type RunArguments, runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** One segment that an encoder is busy with for minutes, if nobody ends it. */
const ENDLESS = ['preset=veryslow', 'segmentSeconds=60'].flatMap((set) => ['--set', set]);

describe('the command, killed by SIGKILL', () => {
  let source = '';
  beforeAll(async () => {
    source = join(await temporaryFolder(), 'film.mp4');
    await makeClip(source, { seconds: 40, size: '640x360' });
  });

  it('in the middle of an encode leaves no ffmpeg behind that would go on', async () => {
    const asked: RunArguments = { out: await temporaryFolder(), set: ENDLESS };
    const run = startReelmill(runOf([source], asked));
    let encoders: readonly RunningEncoder[] = [];
    await until(async () => {
      encoders = await encodersOf(source);
      return encoders.length > 0;
    });
    run.child.kill('SIGKILL');
    expect(encoders).not.toEqual([]);
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    await Promise.all(encoders.map(({ pid }) => hasEnded(pid)));
  });

  it('while it compares a film with its source leaves no temporary file behind', async () => {
    const [out, temporary] = [await temporaryFolder(), await temporaryFolder()];
    const film = join(out, 'short.mp4');
    await makeClip(film, { seconds: 1, size: '160x90' });
    const held = await heldFfmpeg('*short.mp4*preserve.mp4 -filter_complex*');
    const set = [...QUICK, '--set', 'evenIfLarger=true'];
    const run = startReelmill(runOf([film], { out, set }), { under: [...held.under, `TMPDIR=${temporary}`] });
    const early = run.ended.then((end) => Promise.reject(new Error(`it ended before: ${JSON.stringify(end)}`)));
    const comparison = await Promise.race([held.waits(), early]);
    expect(await readdir(temporary)).toEqual([expect.stringContaining('reelmill-quality-')]);
    run.child.kill('SIGKILL');
    await early.catch(() => {});
    await hasEnded(comparison);
    await until(async () => (await readdir(temporary)).length === 0);
    expect(await readdir(temporary)).toEqual([]);
  });
});
