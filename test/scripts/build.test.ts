import { cp, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildIfStale, bundle } from '../../scripts/build.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = `#!/usr/bin/env node
import { word } from '../core/word.ts';
const { later } = await import('../core/later.ts');
console.log(word, later);
`;

it.each(['cli', 'bench', 'prove', 'encode'] as const)(
  '%s is built from files that its stamp looks at',
  async (name) => {
    const { outputFiles } = await bundle(name, ROOT, { packages: 'external' });
    expect(outputFiles.map(({ path }) => basename(path))).toContain(`${name}.js`);
  },
);

describe('a build', () => {
  it('is made once, and runs', async () => {
    const root = await project();
    expect(await buildIfStale('cli', root)).toBe(true);
    expect(await buildIfStale('cli', root)).toBe(false);
    expect(await output(root)).toBe('one later\n');
  });

  it('is made again when a source changes and keeps its size and time', async () => {
    const root = await project();
    await buildIfStale('cli', root);
    const source = join(root, 'core/word.ts');
    const { atime, mtime } = await stat(source);
    await writeFile(source, word('two'));
    await utimes(source, atime, mtime);
    expect(await buildIfStale('cli', root)).toBe(true);
    expect(await output(root)).toBe('two later\n');
  });

  it('is made again when a change is taken back', async () => {
    const root = await project();
    for (const text of ['one', 'two', 'one']) {
      await writeFile(join(root, 'core/word.ts'), word(text));
      expect(await buildIfStale('cli', root)).toBe(true);
      expect(await output(root)).toBe(`${text} later\n`);
    }
  });

  it('is kept when only a time changes', async () => {
    const root = await project();
    await buildIfStale('cli', root);
    await utimes(join(root, 'core/word.ts'), new Date(), new Date(Date.now() + 60_000));
    expect(await buildIfStale('cli', root)).toBe(false);
  });

  it.each([
    { what: 'a new file', change: (root: string) => writeFile(join(root, 'core/new.ts'), '') },
    { what: 'a removed chunk', change: removeChunk },
    { what: 'a cut entry', change: (root: string) => writeFile(join(root, 'dist/cli.js'), '#!/usr/bin/env node\n') },
    { what: 'new packages', change: (root: string) => writeFile(join(root, 'package-lock.json'), '{ "new": 1 }') },
  ])('is made again after $what', async ({ change }) => {
    const root = await project();
    await buildIfStale('cli', root);
    await change(root);
    expect(await buildIfStale('cli', root)).toBe(true);
    expect(await output(root)).toBe('one later\n');
  });

  it('keeps for a day what it replaces, however old: a process that runs may yet load it', async () => {
    const root = await project();
    const builtAgain = async (text: string) => {
      await writeFile(join(root, 'core/later.ts'), `export const later = '${text}';\n`);
      await buildIfStale('cli', root);
      return await readdir(join(root, 'dist'));
    };
    const first = await builtAgain('one');
    await aged(root, first);
    expect(await builtAgain('two')).toEqual(expect.arrayContaining(first));
    await aged(root, first);
    const third = await builtAgain('three');
    const left = first.filter((file) => third.includes(file));
    expect(left.filter((file) => file.startsWith('cli-'))).toEqual([]);
    expect(left).toEqual(['cli.js', 'cli.js.map']);
  });

  it('removes the draft that a killed build left a day ago, and no newer one', async () => {
    const root = await project();
    await mkdir(join(root, 'dist'));
    const drafts = ['cli.js.1.tmp', 'cli-ABC.js.1.tmp', 'cli.js.2.tmp'];
    for (const file of drafts) await writeFile(join(root, 'dist', file), '');
    await aged(root, drafts.slice(0, 2));
    await buildIfStale('cli', root);
    expect((await readdir(join(root, 'dist'))).filter((file) => file.endsWith('.tmp'))).toEqual(['cli.js.2.tmp']);
  });

  it('says where the fault is, and is not taken from before, if the sources do not build', async () => {
    const root = await project();
    await buildIfStale('cli', root);
    await writeFile(join(root, 'core/word.ts'), 'export const word = ;');
    await expect(buildIfStale('cli', root)).rejects.toThrow('core/word.ts:1:20');
    await expect(buildIfStale('cli', root)).rejects.toMatchObject({ exitCode: 70 });
  });

  it('is refused if it reads a file that the stamp does not cover', async () => {
    const root = await project();
    await mkdir(join(root, 'elsewhere'));
    await writeFile(join(root, 'elsewhere/word.ts'), word('hidden'));
    await writeFile(join(root, 'core/word.ts'), "export { word } from '../elsewhere/word.ts';");
    await expect(buildIfStale('cli', root)).rejects.toThrow('elsewhere/word.ts');
  });

  it('is whole when several processes make it at once', async () => {
    const root = await project();
    await cp('scripts', join(root, 'scripts'), { recursive: true });
    await symlink(resolve('node_modules'), join(root, 'node_modules'));
    const script = "import { buildIfStale } from './scripts/build.mjs'; console.log(await buildIfStale('cli'));";
    const all = await Promise.all(
      [1, 2, 3].map(() => startProgram(process.execPath, ['--input-type=module', '-e', script], { cwd: root }).ended),
    );
    expect(all.map(({ stdout }) => stdout).sort()).toEqual(['false\n', 'false\n', 'true\n']);
    expect((await readdir(join(root, 'dist'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await output(root)).toBe('one later\n');
  });

  it('maps its stack traces to the sources', async () => {
    const root = await project();
    await writeFile(join(root, 'core/word.ts'), "\nexport const word: string = 'one';\nthrow new Error(word);\n");
    await buildIfStale('cli', root);
    const { stderr } = await startProgram(process.execPath, ['--enable-source-maps', join(root, 'dist/cli.js')]).ended;
    expect(stderr).toContain('core/word.ts:3');
  });
});

async function project(): Promise<string> {
  const root = await temporaryFolder();
  const files = {
    'package.json': '{ "type": "module" }',
    'package-lock.json': '{}',
    'cli/main.ts': MAIN,
    'core/word.ts': word('one'),
    'core/later.ts': "export const later: string = 'later';\n",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const word = (text: string) => `export const word: string = '${text}';\n`;

async function output(root: string): Promise<string> {
  const { stdout } = await startProgram(join(root, 'dist/cli.js'), []).ended;
  return stdout;
}

/** As if these had lain there for two days. */
async function aged(root: string, files: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - 2 * 86_400_000);
  for (const file of files) await utimes(join(root, 'dist', file), then, then);
}

async function removeChunk(root: string): Promise<void> {
  const text = await readFile(join(root, 'dist/cli.js'), 'utf8');
  const [chunk] = (await readdir(join(root, 'dist'))).filter((name) => name.startsWith('cli-') && text.includes(name));
  await rm(join(root, 'dist', chunk ?? 'no chunk'));
}
