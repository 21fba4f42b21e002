import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { isAlive, ownerId } from '../../../adapters/local/owner.ts';
import { bundled } from '../../fixtures/bundled.ts';

const mine = ownerId('0123');
const [host = '', pid = '', start = ''] = mine.split(':');

describe('an owner', () => {
  it('is told apart from another in the same process', () => {
    expect(ownerId('4567')).not.toBe(mine);
  });

  it.each([
    { what: 'this process', owner: mine, alive: true },
    { what: 'another worker of this process', owner: ownerId('4567'), alive: true },
    { what: 'an earlier process with this number', owner: `${host}:${pid}:1${start}:0123`, alive: false },
    { what: 'a process on another host', owner: `elsewhere:${pid}:1${start}:0123`, alive: true },
    { what: 'a process whose start nobody knows', owner: `${host}:${pid}::0123`, alive: true },
    { what: 'process 1, which few may signal', owner: `${host}:1::0123`, alive: true },
    { what: 'a text that names no process', owner: 'somebody', alive: true },
    { what: 'a number that is none', owner: `${host}:-1:${start}:0123`, alive: true },
  ])('$what: alive is $alive', ({ owner, alive }) => {
    expect(isAlive(owner)).toBe(alive);
  });

  it('lives as long as its process, as other processes see it', async () => {
    const script = await bundled(`
      import { isAlive, ownerId } from './adapters/local/owner.ts';
      const parent = process.argv[2];
      console.log(JSON.stringify({ child: ownerId('child'), parentIsAlive: isAlive(parent) }));
      process.stdin.resume();
    `);
    const child = execa(process.execPath, [script, mine], { reject: false, buffer: false });
    const { value } = await child.iterable().next();
    const said = JSON.parse(String(value));
    expect(said.parentIsAlive).toBe(true);
    expect(isAlive(said.child)).toBe(true);
    child.kill('SIGKILL');
    await child;
    expect(isAlive(said.child)).toBe(false);
  });

  it('is dead when its process is a zombie', async () => {
    const script = await bundled(`
      import { ownerId } from './adapters/local/owner.ts';
      console.log(ownerId('zombie'));
    `);
    // exec leaves the shell's child to a process that never waits for it, and lives until its input ends.
    const parent = execa('sh', ['-c', '"$@" & exec cat', 'sh', process.execPath, script], {
      reject: false,
      buffer: false,
    });
    const { value } = await parent.iterable().next();
    await until(() => !isAlive(String(value)));
    expect(() => process.kill(Number(String(value).split(':')[1]), 0)).not.toThrow();
    parent.kill();
    await parent;
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
