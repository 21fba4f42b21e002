import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** npm runs it on every installation. */
const PREINSTALL = `node -e "require('node:fs').appendFileSync('installed', 'x')"`;

const LOCK = JSON.stringify({
  name: 'checkout',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'checkout', dependencies: { neighbour: 'file:neighbour' } },
    neighbour: { version: '1.0.0' },
    'node_modules/neighbour': { resolved: 'neighbour', link: true },
  },
});

let root = '';

/** A checkout whose one dependency lies beside it, so that npm needs no network. */
beforeEach(async () => {
  root = await temporaryFolder();
  await cp('scripts', join(root, 'scripts'), { recursive: true });
  await mkdir(join(root, 'neighbour'));
  await writeJson('neighbour/package.json', { name: 'neighbour', version: '1.0.0' });
  await writeJson('package.json', {
    name: 'checkout',
    type: 'module',
    scripts: { preinstall: PREINSTALL },
    dependencies: { neighbour: 'file:neighbour' },
  });
  await writeFile(join(root, 'package-lock.json'), LOCK);
});

describe('setting up the packages', () => {
  it('installs what is missing, then nothing', async () => {
    expect(await setUp()).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(join(root, 'node_modules/neighbour/package.json'))).isFile()).toBe(true);
    expect(await setUp()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await installations()).toBe(1);
  });

  it('installs once for two commands at once', async () => {
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await installations()).toBe(1);
  });

  it.each([
    { when: 'node_modules is gone', change: () => rm(join(root, 'node_modules'), { recursive: true }) },
    { when: 'a package is gone', change: () => rm(join(root, 'node_modules/neighbour')) },
    { when: 'the lock file asks for another version', change: newerNeighbour },
    {
      when: 'it was installed for another node',
      change: () => writeStamp((text) => text.replace(/node\d+/, 'node12')),
    },
  ])('installs again when $when', async ({ change }) => {
    await setUp();
    await change();
    expect(await setUp()).toMatchObject({ code: 0 });
    expect(await installations()).toBe(2);
  });

  it('takes what somebody installed by hand', async () => {
    await setUp();
    await rm(join(root, 'node_modules/.reelmill-stamp'));
    expect(await setUp()).toMatchObject({ code: 0, stderr: '' });
    expect(await installations()).toBe(1);
  });

  it('fails with 69 and says what npm said when that cannot be done', async () => {
    await writeFile(join(root, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
    const { code, stdout, stderr } = await setUp();
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain('Missing: neighbour');
    expect(stderr).toContain('npm ci exited 1');
  });
});

const setUp = () => startProgram(process.execPath, ['scripts/setup.mjs', 'packages'], { cwd: root }).ended;

const installations = async () => (await readFile(join(root, 'installed'), 'utf8')).length;

const writeJson = (path: string, value: unknown) => writeFile(join(root, path), JSON.stringify(value));

async function newerNeighbour(): Promise<void> {
  await writeJson('neighbour/package.json', { name: 'neighbour', version: '2.0.0' });
  await writeFile(join(root, 'package-lock.json'), LOCK.replace('1.0.0', '2.0.0'));
}

async function writeStamp(change: (text: string) => string): Promise<void> {
  const file = join(root, 'node_modules/.reelmill-stamp');
  await writeFile(file, change(await readFile(file, 'utf8')));
}
