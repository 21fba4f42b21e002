import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LibraryOptions, walkLibrary } from '../../../adapters/local/walk-library.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a folder is read as a library', () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryFolder();
  });

  async function put(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), 'x');
    }
  }

  async function walked(options: Partial<LibraryOptions> = {}, folder = 'lib') {
    const found = { films: [] as string[], others: [] as string[], unreadable: [] as string[], leftOut: 0 };
    const all = {
      except: [],
      isWanted: () => true,
      isFilm: async (path: string) => path.endsWith('.film'),
      signal: new AbortController().signal,
    };
    for await (const { films, others, unreadable, leftOut } of walkLibrary(join(root, folder), {
      ...all,
      ...options,
    })) {
      found.films.push(...films.map(({ path }) => path));
      found.others.push(...others.map(({ path }) => path));
      found.unreadable.push(...unreadable.map(({ path }) => path));
      found.leftOut += leftOut;
    }
    return found;
  }

  it('with films told from other files, by name and where that says nothing by their bytes', async () => {
    await put(
      'lib/b.mov',
      'lib/a/x.MKV',
      'lib/a/x.eng.srt',
      'lib/notes.txt',
      'lib/c.film',
      'lib/d.bin',
      'lib/poster.jpg',
    );
    expect(await walked()).toEqual({
      films: ['b.mov', 'c.film', 'a/x.MKV'],
      others: ['d.bin', 'notes.txt', 'poster.jpg', 'a/x.eng.srt'],
      unreadable: [],
      leftOut: 0,
    });
  });

  it('with one numbered picture that lies alone in it as a film, where somebody says its rate', async () => {
    await put('lib/f_001.png', 'lib/album/cover_01.png');
    expect((await walked()).films).toEqual([]);
    expect((await walked({ onePictureIsFilm: true })).films).toEqual(['f_%03d.png']);
  });

  it('with a folder of numbered pictures as one film, unless something else is in it', async () => {
    await put(
      'lib/shot/f_009.png',
      'lib/shot/f_010.png',
      'lib/shot/.DS_Store',
      'lib/shot/more/1.exr',
      'lib/shot/more/2.exr',
    );
    await put('lib/web/01.jpg', 'lib/web/02.jpg', 'lib/web/index.html');
    expect(await walked()).toEqual({
      films: ['shot/f_%03d.png', 'shot/more/%d.exr'],
      others: ['web/01.jpg', 'web/02.jpg', 'web/index.html'],
      unreadable: [],
      leftOut: 0,
    });
  });

  it('without hidden files, folders of thumbnails and the folder of results', async () => {
    await put('lib/.a.mov', 'lib/.reelmill/x.mov', 'lib/@eaDir/b.mov', 'lib/out/c.mov', 'lib/._d.mov', 'lib/e.mov');
    expect((await walked({ except: [join(root, 'lib/out')] })).films).toEqual(['e.mov']);
  });

  it('with links out of it followed once, and without an end of links that lead in a circle', async () => {
    await put('lib/a.mov', 'lib/sub/b.mov', 'far/c.mov', 'far/deep/d.mov', 'e.mov');
    await symlink('../far', join(root, 'lib/one'));
    await symlink('../far', join(root, 'lib/two'));
    await symlink('../../far/deep', join(root, 'lib/sub/deep'));
    await symlink('../../lib', join(root, 'lib/sub/loop'));
    await symlink('../../lib', join(root, 'far/deep/loop'));
    await symlink('..', join(root, 'lib/up'));
    await symlink('../e.mov', join(root, 'lib/e.mov'));
    await symlink('../e.mov', join(root, 'lib/f.mov'));
    await symlink('a.mov', join(root, 'lib/same.mov'));
    await symlink('nowhere.mov', join(root, 'lib/gone.mov'));
    expect((await walked()).films).toEqual(['a.mov', 'e.mov', 'one/c.mov', 'one/deep/d.mov', 'sub/b.mov']);
  });

  it('in spite of a name that is none and a folder that may not be read', async () => {
    await put('lib/a.mov', 'lib/shut/b.mov');
    await writeFile(Buffer.concat([Buffer.from(join(root, 'lib/bad')), Buffer.from([0xff]), Buffer.from('.mov')]), 'x');
    await chmod(join(root, 'lib/shut'), 0o000);
    const { films, unreadable } = await walked();
    expect(films[0]).toBe('a.mov');
    expect(unreadable).toContain('bad\ufffd.mov');
    expect([...films, ...unreadable]).toHaveLength(3); // root reads the folder all the same
    await chmod(join(root, 'lib/shut'), 0o700);
  });

  it('with only what is asked for, and counts the films that it leaves out', async () => {
    await put('lib/a.mov', 'lib/b.mov', 'lib/c.txt');
    expect(await walked({ isWanted: ({ path }) => path === 'a.mov' })).toEqual({
      films: ['a.mov'],
      others: [],
      unreadable: [],
      leftOut: 1,
    });
  });

  it('or refused where there is none', async () => {
    await expect(walked({}, 'none')).rejects.toMatchObject({ code: 'no-input' });
  });
});
