import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { until } from '../support/processes.ts';
import { eventsIn, runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clip = {
  file: 'eight-seconds.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=8'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p'],
  ],
};
const set = ['preset=ultrafast', 'segmentSeconds=8', 'model=websr-s-rl'].flatMap((each) => ['--set', each]);

describe('upscale, when one of its processes dies', () => {
  it.each([
    { who: 'encoder', marked: 'libx265', by: 'SIGSEGV', code: 'bug', exit: 70 },
    { who: 'encoder', marked: 'libx265', by: 'SIGKILL', code: 'out-of-memory', exit: 75 },
    { who: 'decoder', marked: 'rawvideo', by: 'SIGKILL', code: 'out-of-memory', exit: 75 },
  ] as const)('the $who by $by, ends with $exit, publishes nothing and leaves no process behind', async (death) => {
    const [source, out] = await Promise.all([makeClip(clip), temporaryFolder()]);
    // Nothing of what stands before the encoder ends while this waits.
    const held = await heldFfmpeg('*nut*libx265*');
    const started = startReelmill(runOf([source], { out, recipe: 'upscale', set }), held);
    const pid = started.child.pid ?? 0;
    const { victim, all } = await appears(() => {
      const children = childrenOf(pid).filter((child) => commandOf(child).includes('nut'));
      const found = children.find((child) => commandOf(child).includes(death.marked));
      return found !== undefined && children.length === 2 ? { victim: found, all: children } : undefined;
    });
    process.kill(victim, death.by);
    const { code, stdout } = await started.ended;
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'job.failed', code: death.code });
    expect(code).toBe(death.exit);
    expect(existsSync(join(out, 'upscale', clip.file, 'manifest.json'))).toBe(false);
    expect(all.filter((child) => existsSync(`/proc/${child}`))).toEqual([]);
  });
});

async function appears<T>(look: () => T | undefined): Promise<T> {
  let found: T | undefined;
  await until(async () => {
    found = look();
    return found !== undefined;
  });
  if (found === undefined) throw new Error('it did not begin');
  return found;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

function parentOf(pid: number): number | undefined {
  return Number(
    read(`/proc/${pid}/stat`)
      .replace(/^.*\) /, '')
      .split(' ')[1],
  );
}

const commandOf = (pid: number) => read(`/proc/${pid}/cmdline`).split('\0');

/** The content of a file in /proc; empty where the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
