import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { encodersOf, type RunningEncoder } from '../support/encoders.ts';
import { until } from '../support/processes.ts';
import { type RunArguments, runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** One segment that an encoder is busy with for minutes, if nobody ends it. */
const ENDLESS = ['preset=veryslow', 'segmentSeconds=60'].flatMap((set) => ['--set', set]);

/** Resolves when the process has ended, which need not be a child of ours. */
async function hasEnded(pid: number): Promise<void> {
  await once(spawn('tail', [`--pid=${pid}`, '--follow', '/dev/null']), 'close');
}

describe('the command, killed by SIGKILL in the middle of an encode', () => {
  let source = '';
  beforeAll(async () => {
    source = join(await temporaryFolder(), 'film.mp4');
    await makeClip(source, { seconds: 40, size: '640x360' });
  });

  it('leaves no ffmpeg behind that would go on', async () => {
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
});
