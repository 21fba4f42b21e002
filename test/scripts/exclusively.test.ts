import { readFileSync } from 'node:fs';
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { exclusively } from '../../scripts/exclusively.mjs';
import { until } from '../support/processes.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Notes when it goes in and comes out, or dies inside. */
const WORKER = `
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { exclusively } from '${resolve('scripts/exclusively.mjs')}';
const [lock, notes, fate] = process.argv.slice(1);
console.log('asks');
await exclusively(lock, async () => {
  appendFileSync(notes, 'in ');
  if (fate === 'die') process.kill(process.pid, 'SIGKILL');
  await wait(50);
  appendFileSync(notes, 'out ');
});
`;

/** Undefined where there is no file at this moment. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const worker = (...args: string[]) => startProgram(process.execPath, ['--input-type=module', '-e', WORKER, ...args]);

describe('exclusively', () => {
  it('lets one process in at a time', async () => {
    const folder = await temporaryFolder();
    const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')];
    const ended = await Promise.all([1, 2, 3, 4].map(() => worker(lock, notes, 'live').ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(await readFile(notes, 'utf8')).toBe('in out '.repeat(4));
  });

  it('lets one work of a process in at a time', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const notes: string[] = [];
    const work = async () => {
      notes.push('in');
      await until(async () => (await readdir(dirname(lock))).length > 0);
      notes.push('out');
    };
    await Promise.all([exclusively(lock, work), exclusively(lock, work)]);
    expect(notes).toEqual(['in', 'out', 'in', 'out']);
  });

  it('says from its first moment on who is in, so that nobody takes the lock of a slow process for abandoned', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const often = `import { exclusively } from '${resolve('scripts/exclusively.mjs')}';
      for (let times = 0; times < 300; times++) await exclusively('${lock}', async () => {});`;
    const program = startProgram(process.execPath, ['--input-type=module', '-e', often]);
    const seen = new Set<string | undefined>();
    while (program.child.exitCode === null && program.child.signalCode === null) {
      for (let looks = 0; looks < 200; looks++) seen.add(textOf(lock));
      await immediate();
    }
    expect((await program.ended).code).toBe(0);
    seen.delete(undefined);
    expect([...seen]).toEqual([`${hostname()} ${program.child.pid}`]);
  });

  it('takes over from a process that died, and only once', async () => {
    const folder = await temporaryFolder();
    const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')];
    expect((await worker(lock, notes, 'die').ended).signal).toBe('SIGKILL');
    await Promise.all([1, 2, 3].map(() => worker(lock, notes, 'live').ended));
    expect(await readFile(notes, 'utf8')).toBe(`in ${'in out '.repeat(3)}`);
  });

  it('takes over from a process that died and is a zombie, as in a container without an init', async () => {
    const folder = await temporaryFolder();
    const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')];
    const dying = [process.execPath, '--input-type=module', '-e', WORKER, lock, notes, 'die'];
    // exec leaves the shell's child to a process that never waits for it, and lives until it is ended
    const parent = startProgram('sh', ['-c', '"$@" & exec tail -f /dev/null', 'sh', ...dying]);
    await until(async () => textOf(notes) !== undefined);
    await worker(lock, notes, 'live').ended;
    expect(textOf(notes)).toBe('in in out ');
    parent.child.kill();
    await parent.ended;
  });

  it('waits for a process that lives', async () => {
    const folder = await temporaryFolder();
    const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')];
    await writeFile(lock, `${hostname()} ${process.pid}`);
    const program = worker(lock, notes, 'live');
    await program.says('asks');
    // meanwhile one that need not wait goes in and comes out
    await worker(join(folder, 'another lock'), join(folder, 'other notes'), 'live').ended;
    await expect(readFile(notes)).rejects.toMatchObject({ code: 'ENOENT' });
    await unlink(lock);
    expect((await program.ended).code).toBe(0);
    expect(await readFile(notes, 'utf8')).toBe('in out ');
  });

  it('leaves no lock behind when the work fails', async () => {
    const lock = join(await temporaryFolder(), 'lock');
    const failing = exclusively(lock, () => Promise.reject(new Error('the work failed')));
    await expect(failing).rejects.toThrow('the work failed');
    expect(await exclusively(lock, async () => 'free')).toBe('free');
  });
});
