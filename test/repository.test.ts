import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { filesOfTheRepository } from './support/repository.ts';

type Locked = { readonly version?: string; readonly resolved?: string; readonly optionalDependencies?: object };

describe('the repository', () => {
  it('holds no file over 3 MB', async () => {
    const sizes = await Promise.all(
      (await filesOfTheRepository()).map(async (path) => [path, (await stat(path)).size] as const),
    );
    expect(sizes.filter(([, bytes]) => bytes > 3_000_000)).toEqual([]);
  });

  it('credits every clip', async () => {
    const clips = (await filesOfTheRepository()).filter((path) => /^demo\/clips\/.*\.(?!md$)/.test(path));
    const credits = await readFile('demo/clips/CREDITS.md', 'utf8');
    expect(clips).not.toEqual([]);
    expect(clips.filter((path) => !credits.includes(path.replace('demo/clips/', '')))).toEqual([]);
  });

  it('runs in CI each of the commands among which its tests are divided', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    const commands = Object.keys(scripts).filter((name) => /^test\b/.test(name));
    expect(commands).toContain('test:wide');
    const ci = await readFile('.ci/run', 'utf8');
    expect(commands.filter((name) => !new RegExp(`^ *(optional_)?step .*\\btests ${name}( |$)`, 'm').test(ci))).toEqual(
      [],
    );
  });

  it('has a lock file that installs on every system and names no registry', async () => {
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, Locked>;
    };
    const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
  });
});
