import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LibraryOptions, walkLibrary } from '../../../adapters/local/walk-library.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a folder is read as a library', () => {
  let root: string;
  let results: number;
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
    results = 0;
    const all = {
      except: [],
      isWanted: () => true,
      isFilm: async (path: string) => path.endsWith('.film'),
      signal: new AbortController().signal,
    };
    for await (const { films, others, unreadable, leftOut, results: more } of walkLibrary(join(root, folder), {
      ...all,
      ...options,
    })) {
      found.films.push(...films.map(({ path }) => path));
      found.others.push(...others.map(({ path }) => path));
      found.unreadable.push(...unreadable.map(({ path }) => path));
      found.leftOut += leftOut;
      results += more;
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

  describe('without what was published there before', () => {
    const published = async (folder: string, prefix: string, source: string, film: string) => {
      const { size: bytes } = await stat(join(root, folder, film));
      const { source: of, renditions } = manifestFixture();
      const changes = {
        source: { ...of, path: source },
        renditions: renditions.map((each) => ({ ...each, path: relative(prefix, film), bytes })),
      };
      const manifest = manifestFixture(changes);
      await mkdir(join(root, folder, prefix), { recursive: true });
      await writeFile(join(root, folder, prefix, 'manifest.json'), JSON.stringify(manifest));
    };

    it.each([
      { what: 'in a folder of results', films: ['a.mov', 'made/kept.mov'], of: 'a.mov', film: 'a.mp4', results: 1 },
      { what: 'among its sources', films: ['a.mov', 'made/a.mov'], of: 'a.mov', film: 'a.mp4', results: 1 },
    ])('$what, told by manifests in the hidden folder', async ({ films, of, film, results: expected }) => {
      await put(...films.map((path) => `lib/${path}`), `lib/made/${film}`);
      await published('lib/made', `.reelmill/preserve/${of}`, of, film);
      expect({ ...(await walked()), results }).toMatchObject({ films: films.toSorted(), results: expected });
    });

    it('in a folder with its manifest', async () => {
      await put('lib/a.mov', 'lib/made/preserve/a.mov/preserve.mp4');
      await published('lib/made/preserve/a.mov', '', 'a.mov', 'preserve.mp4');
      expect({ ...(await walked()), results }).toMatchObject({
        films: ['a.mov'],
        others: ['made/preserve/a.mov/manifest.json'],
        results: 1,
      });
    });

    it('but with what was edited since, and what lies in the place of its source', async () => {
      await put('lib/made/edited.mp4', 'lib/inside/now.mp4', 'lib/inside/same.mp4');
      await published('lib/made', '.reelmill/preserve/edited.mov', 'edited.mov', 'edited.mp4');
      await published('lib/inside', '.reelmill/preserve/now.mov', 'now.mov', 'now.mp4');
      await published('lib/inside', '.reelmill/preserve/same.mp4', 'same.mp4', 'same.mp4');
      await mkdir(join(root, 'lib/inside/.reelmill/originals'));
      await writeFile(join(root, 'lib/made/edited.mp4'), 'edited');
      expect({ ...(await walked()), results }).toMatchObject({
        films: ['inside/now.mp4', 'inside/same.mp4', 'made/edited.mp4'],
        results: 0,
      });
    });

    it('and with all in the own folder of results, which is known otherwise', async () => {
      await put('lib/a.mov', 'lib/a.mp4');
      await published('lib', '.reelmill/preserve/a.mov', 'a.mov', 'a.mp4');
      expect((await walked({ own: join(root, 'lib') })).films).toEqual(['a.mov', 'a.mp4']);
      expect((await walked()).films).toEqual(['a.mov']);
    });
  });

  it('or refused where there is none', async () => {
    await expect(walked({}, 'none')).rejects.toMatchObject({ code: 'no-input' });
  });
});
