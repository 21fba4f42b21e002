import { chmod, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { tinyFilm } from '../fixtures/tiny-film.ts';
import { filmsIn } from '../support/kill-storm.ts';
import { manifestAt, QUICK, type ReelmillRun, reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ends = ({ events }: ReelmillRun) =>
  events.filter(({ type }) => /^job\.(done|failed)$/.test(type)).map(({ status, code }) => status ?? code);

describe('run --replace', () => {
  let lib: string;
  let before: ReadonlyMap<string, string>;
  let first: ReelmillRun;
  const run = (recipe: string, ...more: readonly string[]) =>
    reelmill(['run', lib, '--recipe', recipe, '--replace', '--json', ...QUICK, '--set', 'evenIfLarger=true', ...more]);
  beforeAll(async () => {
    lib = await temporaryFolder();
    await mkdir(join(lib, '2019'));
    await copyFile(await clip('cfr'), join(lib, 'one.mp4'));
    await copyFile(await clip('vfr'), join(lib, '2019/two.mkv'));
    before = await filmsIn(lib);
    first = await run('preserve', '--yes');
  });

  it('puts each film in the place of its source, and its manifest in the hidden folder', async () => {
    expect({ ends: ends(first), code: first.code }).toEqual({ ends: ['done', 'done'], code: 0 });
    const now = await filmsIn(lib);
    expect([...now.keys()].sort()).toEqual(['2019/two.mp4', 'one.mp4']);
    const folder = join(lib, '.reelmill/preserve/one.mp4');
    const { renditions, source } = await manifestAt(join(folder, 'manifest.json'));
    expect(source.sha256).toBe(before.get('one.mp4'));
    expect(renditions.map(({ path, sha256 }) => [path, sha256])).toEqual([['../../../one.mp4', now.get('one.mp4')]]);
  });

  it('encodes nothing a second time, under another recipe neither, and makes nothing of results in another folder', async () => {
    for (const recipe of ['preserve', 'downscale', 'downscale']) {
      const again = await run(recipe, '--yes');
      expect(ends(again)).toEqual(['unchanged', 'unchanged']);
      expect(again.last).toMatchObject({ type: 'job.done', resultOf: { recipe: 'preserve' } });
      expect(again.stderr).toContain('  unchanged  2  results of preserve already, left as they are\n');
    }
  });

  it('names count and bytes before it begins, and refuses if nobody can be asked', async () => {
    const folder = await temporaryFolder();
    await copyFile(await clip('cfr'), join(folder, 'one.mp4'));
    const { code, stderr } = await reelmill(['run', folder, '--recipe', 'preserve', '--replace', ...QUICK]);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(/1 film \([\d.]+ kB\) in .* will be replaced by what preserve makes.*give --yes/),
    });
    expect((await readdir(folder)).filter((name) => name.endsWith('.mp4'))).toEqual(['one.mp4']);
  });

  it.each([
    { what: 'two recipes', args: ['--recipe', 'preserve,downscale'], says: /takes one recipe/ },
    { what: 'a recipe of several files', args: ['--recipe', 'ladder'], says: /makes several files/ },
    { what: 'another folder of results', args: ['--recipe', 'preserve', '--out', '/tmp'], says: /leave --out away/ },
  ])('refuses $what', async ({ args, says }) => {
    expect(await reelmill(['run', lib, '--replace', '--yes', ...args])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(says),
    });
  });

  it('leaves a read-only film as it is, says so in one sentence, and goes on', async () => {
    const folder = await temporaryFolder();
    await copyFile(await clip('cfr'), join(folder, 'one.mp4'));
    await chmod(join(folder, 'one.mp4'), 0o444);
    const args = ['run', folder, '--recipe', 'preserve', '--replace', '--yes', '--json', ...QUICK];
    const { code, events } = await reelmill(args);
    expect({ code, events }).toEqual({
      code: 73,
      events: [{ type: 'job.failed', code: 'cannot-write', reason: expect.stringContaining('it is read-only') }],
    });
  });

  it.each([
    {
      after: 'a second recipe',
      recipes: ['preserve', 'downscale'],
      gone: /^one\.mkv is back as it was first; one film that was /,
    },
    {
      after: 'two more films of the same recipe',
      recipes: ['preserve', 'preserve', 'preserve'],
      gone: /^one\.mkv is back as it was first; 2 films that were in its place since are not put back/,
    },
  ])(
    'brings the original back after $after, though what lay between was removed by hand',
    async ({ recipes, gone }) => {
      const folder = await temporaryFolder();
      await copyFile(await tinyFilm(), join(folder, 'one.mkv'));
      const original = await filmsIn(folder);
      for (const [at, recipe] of recipes.entries()) {
        const settings = [...QUICK, '--set', 'evenIfLarger=true', '--set', `crf=${30 + 3 * at}`];
        const args = ['run', folder, '--recipe', recipe, '--replace', '--yes', '--remake', '--json', ...settings];
        expect(ends(await reelmill(args))).toEqual(['done']);
      }
      expect([...(await filmsIn(folder)).keys()]).toEqual(['one.mp4']);
      const aside = join(folder, '.reelmill/originals');
      for (const name of await readdir(aside))
        if (await stat(join(aside, name, 'original-one.mp4')).catch(() => undefined))
          await rm(join(aside, name), { recursive: true });
      const undone = await reelmill(['undo', folder]);
      expect(undone).toMatchObject({ code: 0, stderr: expect.stringMatching(/1 of 1 original is back in place\n$/) });
      expect(undone.stderr).toMatch(gone);
      expect(await filmsIn(folder)).toEqual(original);
    },
  );

  it('is undone as a whole, after which nothing counts as done, and originals are listed until then', async () => {
    expect(await readFile(join(lib, '.reelmill/index.html'), 'utf8')).toContain('two.mkv');
    const listed = await reelmill(['originals', lib, '--json']);
    expect(listed.events.map(({ source }) => source).sort()).toEqual(['2019/two.mkv', 'one.mp4']);
    const kept = await reelmill(['originals', lib, '--older-than', '30d', '--delete', '--yes']);
    expect({ code: kept.code, stderr: kept.stderr }).toEqual({ code: 0, stderr: '0 B freed\n' });
    expect(await reelmill(['undo', lib])).toMatchObject({ code: 0, stderr: '2 of 2 originals are back in place\n' });
    expect(await reelmill(['undo', lib, '--yes'])).toMatchObject({ code: 0, stderr: 'nothing is left to undo\n' });
    const unknown = await reelmill(['undo', '12345', '--in', lib]);
    expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining('no job "12345" in ') });
    expect(await filmsIn(lib)).toEqual(before);
    const page = await readFile(join(lib, '.reelmill/index.html'), 'utf8');
    for (const name of ['one.mp4', 'two.mkv']) expect(page).not.toContain(name);
    expect(ends(await run('preserve', '--yes', '--include', 'one.mp4'))).toEqual(['done']);
    const freed = await reelmill(['originals', lib, '--delete', '--yes']);
    expect(freed).toMatchObject({ code: 0, stderr: expect.stringMatching(/ kB freed\n$/) });
    expect(await readdir(join(lib, '.reelmill/originals'))).toEqual([]);
  });
});
