import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventsIn, plainEnvironment } from '../../support/reelmill.ts';
import { startProgram } from '../../support/started-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FIGURES = ['--size', '160x120', '--fps', '25', '--minutes', '1', '--json'];
const CLI = resolve('dist', 'cli.js');

let folder = '';

beforeAll(async () => {
  folder = await realpath(await temporaryFolder());
  await mkdir(join(folder, 'films'));
  await writeFile(
    join(folder, 'reelmill.json'),
    JSON.stringify({ recipe: 'vj', out: 'archive', plan: { set: { quality: 'high' } } }),
  );
});

const reelmill = (args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = join(folder, 'films')) =>
  startProgram(process.execPath, [CLI, ...args], { cwd, env: { ...plainEnvironment(), ...env } }).ended;

const planned = async (args: readonly string[], env?: Readonly<Record<string, string>>) => {
  const { stdout, stderr } = await reelmill(['plan', ...FIGURES, ...args], env);
  return eventsIn(stdout).map((event) => event.recipe ?? stderr.trim());
};

describe('a recipe', () => {
  it.each([
    { from: 'the file above the folder', args: [], env: {}, recipes: ['vj'] },
    {
      from: 'the environment before the file',
      args: ['--set', 'codec=hap'],
      env: { REELMILL_RECIPE: 'vj,vj' },
      recipes: [expect.stringContaining('vj is given twice')],
    },
    {
      from: 'the command line before the environment',
      args: ['--recipe', 'vj'],
      env: { REELMILL_RECIPE: 'ladder' },
      recipes: ['vj'],
    },
  ])('is taken from $from', async ({ args, env, recipes }) => {
    expect(await planned(args, env)).toEqual(recipes);
  });
});

describe('settings', () => {
  it.each([
    { does: 'come from the file', args: [], env: {}, says: 'vj' },
    {
      does: 'of the environment count more',
      args: [],
      env: { REELMILL_SET: 'quality=best' },
      says: 'quality=best is out of range',
    },
    {
      does: 'of the command line count more, each by itself',
      args: ['--set', 'quality=normal'],
      env: { REELMILL_SET: 'quality=best;codec=dxv4' },
      says: 'codec=dxv4 is out of range',
    },
    {
      does: 'may not be given twice there',
      args: ['--set', 'quality=normal', '--set', 'quality=high'],
      env: {},
      says: 'quality is given twice',
    },
  ])('$does', async ({ args, env, says }) => {
    expect(await planned(args, env)).toEqual([expect.stringContaining(says)]);
  });
});

describe('reelmill doctor', () => {
  it('shows each default and where it comes from, and variables that mean nothing', async () => {
    const { stdout } = await reelmill(['doctor'], { REELMILL_LAYOUT: 'folders', REELMILL_RECIPPE: 'vj' });
    expect(stdout).toContain(
      `--out is "${join(folder, 'archive')}" from ${join(folder, 'reelmill.json')} (run, watch, plan`,
    );
    expect(stdout).toContain('--layout is "folders" from REELMILL_LAYOUT (run, plan)');
    expect(stdout).toContain('REELMILL_RECIPPE means nothing (did you mean "REELMILL_RECIPE"?)');
  });
});

describe('what is not known', () => {
  it.each([
    { args: ['run', 'a.mov', '--recpe', 'vj'], says: /unknown option '--recpe' \(did you mean "--recipe"/ },
    { args: ['run', '-a.mov', '--recipe', 'vj'], says: /unknown option '-a.mov'; if it is a file, write .\/-a.mov/ },
    { args: ['run', 'a.mov', '--zzz'], says: /unknown option '--zzz'; see reelmill run --help/ },
    {
      args: ['plan', 'a.mov', '--recipe', 'laddr'],
      says: /no recipe "laddr"; there are: .* \(did you mean "ladder"\?/,
    },
    {
      args: ['plan', ...FIGURES, '--set', 'qualty=high'],
      says: /has no setting "qualty"; .* \(did you mean "quality"\?/,
    },
  ])('$args: $says', async ({ args, says }) => {
    expect(await reelmill(args)).toMatchObject({ code: 64, stderr: expect.stringMatching(says) });
  });

  it('is a file of defaults that is none: a link to a device, and one that is too large', async () => {
    const other = await realpath(await temporaryFolder());
    await symlink('/dev/zero', join(other, 'reelmill.json'));
    const device = await reelmill(['plan', ...FIGURES], {}, other);
    expect(device).toMatchObject({ code: 64, stderr: expect.stringContaining('it is no regular file') });
    await rm(join(other, 'reelmill.json'));
    await writeFile(join(other, 'reelmill.json'), ' '.repeat(2 ** 20 + 1));
    const large = await reelmill(['plan', ...FIGURES], {}, other);
    expect(large).toMatchObject({ code: 64, stderr: expect.stringContaining('it is larger than 1 MiB') });
  });

  it('in a file is named with the file', async () => {
    const other = await realpath(await temporaryFolder());
    await writeFile(join(other, 'reelmill.json'), '{ "recipies": "vj" }');
    const { code, stderr } = await reelmill(['plan', ...FIGURES], {}, other);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringContaining(`${other}/reelmill.json: no option "recipies"`),
    });
  });
});

describe('reelmill run --help', () => {
  it.each([
    { args: ['--help'], has: /^ {2}mezzanine +\S/m },
    { args: ['--recipe', 'vj', '--help'], has: /^Settings of vj, for --set:\n {2}codec +/m },
  ])('$args shows what there is to choose', async ({ args, has }) => {
    expect((await reelmill(['run', ...args])).stdout).toMatch(has);
  });
});
