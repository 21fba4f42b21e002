import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = `#!/usr/bin/env node
const [word, value] = process.argv.slice(2);
if (word === 'exit') process.exitCode = Number(value);
if (word === 'print') console.log(JSON.stringify(process.argv.slice(2)));
if (word === 'where') console.log(process.cwd());
if (word === 'throw') throw new Error('broken');
if (word === 'wait' || word === 'tidy') setInterval(() => {}, 1_000);
if (word === 'tidy') {
  process.once('SIGTERM', () => stop('SIGTERM', 143));
  process.once('SIGINT', () => stop('SIGINT', 130));
}
if (word === 'wait' || word === 'tidy') console.log('ready');

function stop(signal: string, code: number) {
  console.log('tidied after ' + signal);
  process.exit(code);
}
`;

let root = '';

beforeAll(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'cli'));
  await writeFile(join(root, 'cli/main.ts'), MAIN);
  for (const path of ['scripts', 'package.json', 'package-lock.json']) {
    await cp(path, join(root, path), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
});

const reelmill = (...args: string[]) => startProgram(process.execPath, [join(root, 'scripts/reelmill.mjs'), ...args]);

describe('the command in a checkout', () => {
  it('says nothing of its own, not even when it builds', async () => {
    const args = ['print', '--recipe', 'preserve', '', "it's here\n"];
    expect(await reelmill(...args).ended).toEqual({
      code: 0,
      signal: null,
      stdout: `${JSON.stringify(args)}\n`,
      stderr: '',
    });
  });

  it.each([0, 1, 64, 65, 75, 130])('exits %d when the program does', async (code) => {
    expect(await reelmill('exit', `${code}`).ended).toMatchObject({ code, signal: null });
  });

  it('exits as a bug when the program throws, and says so, with the line of the source', async () => {
    const { code, stderr } = await reelmill('throw').ended;
    expect(code).toBe(70);
    expect(stderr).toMatch(/broken\n +at .*cli\/main\.ts:6:/);
  });

  it.each([
    { signal: 'SIGTERM', code: 143 },
    { signal: 'SIGINT', code: 130 },
  ] as const)('lets the program tidy up after $signal', async ({ signal, code }) => {
    const program = reelmill('tidy');
    await program.says('ready');
    program.child.kill(signal);
    expect(await program.ended).toEqual({ code, signal: null, stdout: `ready\ntidied after ${signal}\n`, stderr: '' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends by %s where the program does not mind it', async (signal) => {
    const program = reelmill('wait');
    await program.says('ready');
    program.child.kill(signal);
    expect(await program.ended).toMatchObject({ code: null, signal });
  });

  it('takes the names of files from the folder where npm run was typed', async () => {
    const folder = await realpath(await temporaryFolder());
    const typed = ['--prefix', root, 'run', '-s', 'reelmill', '--', 'where'];
    const { stdout } = await startProgram('npm', typed, { cwd: folder }).ended;
    expect(stdout).toBe(`${folder}\n`);
  });

  it('runs what the sources say now', async () => {
    await writeFile(join(root, 'cli/main.ts'), MAIN.replace("'ready'", "'changed'"));
    const program = reelmill('wait');
    await program.says('changed');
    program.child.kill();
    await program.ended;
  });

  it('does not run an old build when the sources do not build', async () => {
    await writeFile(join(root, 'cli/main.ts'), 'const = 1;');
    const { code, stdout, stderr } = await reelmill('print').ended;
    expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
    expect(stderr).toContain('cli/main.ts:1:6');
  });
});
