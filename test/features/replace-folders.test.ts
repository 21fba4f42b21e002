import { copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tinyFilm } from '../fixtures/tiny-film.ts';
import { sha256 } from '../support/hash.ts';
import { QUICK, reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('run --replace', () => {
  let root: string;
  const films = async (folder: string) =>
    (await readdir(join(root, folder))).filter((name) => !name.startsWith('.')).sort();
  const replace = async (names: readonly string[], ...more: readonly string[]) => {
    const settings = [...QUICK, '--set', 'evenIfLarger=true', ...more];
    const { code, events, stderr } = await reelmill([
      'run',
      ...names.map((name) => join(root, name)),
      '--recipe',
      'preserve',
      '--replace',
      '--json',
      ...settings,
    ]);
    const ends = events.filter(({ type }) => /^job\.(done|failed)$/.test(type));
    return { code, stderr, ends: ends.map(({ status, reason }) => String(status ?? reason)) };
  };
  beforeEach(async () => {
    root = await temporaryFolder();
    for (const folder of ['one', 'two', 'far']) {
      await mkdir(join(root, folder));
      await copyFile(await tinyFilm(), join(root, folder, 'a.mkv'));
    }
  });

  it('leaves films behind links out of the folder alone, each with its sentence, and does the others', async () => {
    const far = await sha256(join(root, 'far/a.mkv'));
    await symlink('../far', join(root, 'one/folder'));
    await symlink('../far/a.mkv', join(root, 'one/film.mkv'));
    const { code, ends } = await replace(['one'], '--yes');
    expect({ code, ends: ends.map((each) => each.replace(/^.*: /, '').replace(/^.*(?=lies)/, '')).sort() }).toEqual({
      code: 73,
      ends: [
        'done',
        'lies behind a link out of the folder and is not replaced',
        'lies behind a link out of the folder and is not replaced',
      ],
    });
    expect(await films('one')).toEqual(['a.mp4', 'film.mkv', 'folder']);
    expect(await sha256(join(root, 'far/a.mkv'))).toBe(far);
  });

  it('takes several folders, a link to one as the folder itself, and what lies in another as a part of it', async () => {
    await mkdir(join(root, 'one/sub'));
    await copyFile(await tinyFilm(), join(root, 'one/sub/b.mkv'));
    await symlink('two', join(root, 'link'));
    expect(await replace(['one/sub', 'link', 'one', 'two'], '--yes')).toMatchObject({
      code: 0,
      ends: ['done', 'done', 'done'],
    });
    expect([await films('one'), await films('one/sub'), await films('two')]).toEqual([
      ['a.mp4', 'sub'],
      ['b.mp4'],
      ['a.mp4'],
    ]);
  });

  it('ends well in two processes at once, of which each film is made by one', async () => {
    const [one, two] = await Promise.all([replace(['one'], '--yes'), replace(['one'], '--yes')]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect([...one.ends, ...two.ends].sort()).toEqual(['done', 'unchanged']);
    expect(await films('one')).toEqual(['a.mp4']);
    expect(await readdir(join(root, 'one/.reelmill/originals'))).toHaveLength(1);
  });

  it('counts all films before it asks, and writes nothing if nobody agrees', async () => {
    await symlink('../far', join(root, 'one/folder'));
    const { code, stderr } = await replace(['one', 'two']);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(/^reelmill: 2 films \(.*\) in .*one, .*two will/),
    });
    expect(await readdir(join(root, 'one'))).toEqual(['a.mkv', 'folder']);
    expect(await readdir(join(root, 'two'))).toEqual(['a.mkv']);
  });
});

describe('run --out', () => {
  it('fails for films alone whose results would lie behind a link out of the folder', async () => {
    const root = await temporaryFolder();
    for (const folder of ['far', 'lib']) await mkdir(join(root, folder));
    await copyFile(await tinyFilm(), join(root, 'far/a.mkv'));
    await copyFile(await tinyFilm(), join(root, 'lib/b.mkv'));
    await symlink('../far', join(root, 'lib/folder'));
    const args = ['run', join(root, 'lib'), '--recipe', 'preserve', '--out', join(root, 'lib'), '--json', ...QUICK];
    const { code, events } = await reelmill([...args, '--set', 'evenIfLarger=true']);
    expect(code).toBe(65);
    expect(
      events.flatMap(({ type, status, reason }) =>
        type === 'job.done' ? [status] : type === 'job.failed' ? [reason] : [],
      ),
    ).toEqual([expect.stringContaining('leads out of its folder'), 'done'].reverse());
    expect((await readdir(join(root, 'lib'))).filter((name) => basename(name).endsWith('.mp4'))).toEqual(['b.mp4']);
  });
});
