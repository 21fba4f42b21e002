import { chmod, link, lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Entry,
  entriesIn,
  type OriginalsPlace,
  originalName,
  originalsOf,
  replaceInPlace,
  settle,
} from '../../../adapters/local/originals-folder.ts';
import { undoReplacement } from '../../../adapters/local/undo-replacement.ts';
import type { Replacement } from '../../../core/ports/in-place.ts';
import { sha256 } from '../../support/hash.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const OLD = 'the original, byte by byte';
const NEW = 'the new film';
const LONG_AGO = 1_557_000_000;

describe('a film is put in the place of its source', () => {
  let root: string;
  let options: OriginalsPlace;
  beforeEach(async () => {
    root = await temporaryFolder();
    options = { root, signal: new AbortController().signal, hash: sha256 };
    await mkdir(join(root, '2019'));
    await writeFile(join(root, '2019/a.mov'), OLD);
    await chmod(join(root, '2019/a.mov'), 0o640);
    await utimes(join(root, '2019/a.mov'), LONG_AGO, LONG_AGO);
  });

  async function replacement(film: string): Promise<Replacement> {
    const [source, file] = [join(root, '2019/a.mov'), join(root, 'verified')];
    await writeFile(file, NEW);
    const { size: bytes, mtimeMs: modifiedMs } = await stat(source);
    return {
      job: '0123456789abcdef',
      source: '2019/a.mov',
      film,
      was: { bytes, modifiedMs, sha256: await sha256(source) },
      is: { bytes: NEW.length, sha256: await sha256(file) },
      file,
      manifest: { key: '.reelmill/preserve/2019/a.mov/manifest.json', text: '{}' },
    };
  }

  const films = async (): Promise<readonly (readonly string[])[]> => {
    const names = (await readdir(join(root, '2019'))).sort();
    return Promise.all(names.map(async (name) => [name, await readFile(join(root, '2019', name), 'utf8')]));
  };

  async function entry(): Promise<Entry> {
    const [only] = await entriesIn(root);
    if (!only) throw new Error('nothing was put aside');
    return only;
  }

  const noLinks = async () => {
    throw Object.assign(new Error('no hard links here'), { code: 'EPERM' });
  };

  it.each([
    { what: 'under its name', film: '2019/a.mov', link },
    { what: 'under another extension', film: '2019/a.mp4', link },
    { what: 'where there are no hard links', film: '2019/a.mov', link: noLinks },
    { what: 'under another extension where there are no hard links', film: '2019/a.mp4', link: noLinks },
  ])('$what, with its mode and time, and undo brings every byte back', async ({ film, link: linking }) => {
    const { ino } = await stat(join(root, '2019/a.mov'));
    await replaceInPlace(await replacement(film), { ...options, link: linking });
    expect(await films()).toEqual([[film.slice('2019/'.length), NEW]]);
    const { mode, mtimeMs } = await stat(join(root, film));
    expect({ mode: mode & 0o777, mtimeMs }).toEqual({ mode: 0o640, mtimeMs: LONG_AGO * 1000 });
    const aside = join((await entry()).folder, originalName(await entry()));
    expect({ isDone: (await entry()).isDone, isLink: (await stat(aside)).ino === ino }).toEqual({
      isDone: true,
      isLink: linking === link,
    });
    await undoReplacement(await entry(), await entriesIn(root), options);
    expect(await films()).toEqual([['a.mov', OLD]]);
    expect((await stat(join(root, '2019/a.mov'))).mtimeMs).toBe(LONG_AGO * 1000);
    expect(await readdir(originalsOf(root))).toEqual([]);
  });

  it('never over another film, and leaves all as it was', async () => {
    await writeFile(join(root, '2019/a.mp4'), 'another film');
    await expect(replaceInPlace(await replacement('2019/a.mp4'), options)).rejects.toMatchObject({
      code: 'cannot-write',
    });
    expect(await films()).toEqual([
      ['a.mov', OLD],
      ['a.mp4', 'another film'],
    ]);
    expect(await readdir(originalsOf(root))).toEqual([]);
  });

  it('never if the source was changed meanwhile', async () => {
    const asked = await replacement('2019/a.mov');
    await writeFile(join(root, '2019/a.mov'), 'edited meanwhile');
    await expect(replaceInPlace(asked, options)).rejects.toMatchObject({ code: 'busy' });
    expect(await films()).toEqual([['a.mov', 'edited meanwhile']]);
  });

  describe('and a kill', () => {
    /** The state of the disk as it was before the work was marked as done, in the name of a process that is dead. */
    async function unfinished(film: string): Promise<string> {
      await replaceInPlace(await replacement(film), options);
      const { folder } = await entry();
      await rm(join(folder, 'done'));
      await writeFile(join(folder, 'owner'), 'elsewhere:999999999:0:x'.replace('elsewhere', await hostOf(folder)));
      return folder;
    }

    const hostOf = async (folder: string) => (await readFile(join(folder, 'owner'), 'utf8')).split(':')[0] ?? '';

    it.each(['2019/a.mov', '2019/a.mp4'])('behind it is finished, with the manifest (%s)', async (film) => {
      await unfinished(film);
      await settle(await entry(), options);
      expect(await films()).toEqual([[film.slice('2019/'.length), NEW]]);
      expect(await readFile(join(root, '.reelmill/preserve/2019/a.mov/manifest.json'), 'utf8')).toBe('{}');
      expect((await entry()).isDone).toBe(true);
    });

    it('before it is taken back', async () => {
      const folder = await unfinished('2019/a.mov');
      await rename(join(folder, 'original-a.mov'), join(root, '2019/a.mov'));
      await link(join(root, '2019/a.mov'), join(folder, 'original-a.mov'));
      await settle(await entry(), options);
      expect({ films: await films(), entries: await readdir(originalsOf(root)) }).toEqual({
        films: [['a.mov', OLD]],
        entries: [],
      });
    });

    it('between the new name and the old one leaves the new one', async () => {
      const folder = await unfinished('2019/a.mp4');
      await link(join(folder, 'original-a.mov'), join(root, '2019/a.mov'));
      await settle(await entry(), options);
      expect(await films()).toEqual([['a.mp4', NEW]]);
    });

    it('before the record leaves nothing of it', async () => {
      const folder = await unfinished('2019/a.mov');
      await rename(join(folder, 'original-a.mov'), join(root, '2019/a.mov'));
      await rm(join(folder, 'entry.json'));
      expect({ entries: await entriesIn(root), films: await films() }).toEqual({
        entries: [],
        films: [['a.mov', OLD]],
      });
      expect(await readdir(originalsOf(root))).toEqual([]);
    });

    it('behind it, and an edit of the film, keeps both', async () => {
      await unfinished('2019/a.mov');
      await writeFile(join(root, '2019/a.mov'), 'edited by hand');
      await settle(await entry(), options);
      expect(await films()).toEqual([['a.mov', 'edited by hand']]);
      const { folder } = await entry();
      expect(await readFile(join(folder, 'original-a.mov'), 'utf8')).toBe(OLD);
    });

    it('of another process is not waited for, nor cleared away, while that process lives', async () => {
      const folder = await unfinished('2019/a.mov');
      await writeFile(join(folder, 'owner'), `${await hostOf(folder)}:${process.pid}::x`);
      expect(await entriesIn(root)).toEqual([]);
      expect((await lstat(folder)).isDirectory()).toBe(true);
    });
  });

  it.each([
    { of: 'long letters of three bytes', source: `${'映'.repeat(83)}.mov` },
    { of: 'long letters of four bytes', source: `a${'🎬'.repeat(62)}.mov` },
    { of: 'a limit within a letter', source: `${'é'.repeat(125)}.mov` },
    { of: 'plain letters', source: `${'a'.repeat(251)}.mov` },
  ])('and put aside under a name that a disk can hold, with $of', async ({ source }) => {
    await rename(join(root, '2019/a.mov'), join(root, source));
    const { size: bytes, mtimeMs: modifiedMs } = await stat(join(root, source));
    const was = { bytes, modifiedMs, sha256: await sha256(join(root, source)) };
    await writeFile(join(root, 'verified'), NEW);
    const asked = {
      job: '0123456789abcdef',
      source,
      film: source,
      was,
      is: { bytes: NEW.length, sha256: await sha256(join(root, 'verified')) },
      file: join(root, 'verified'),
      manifest: { key: '.reelmill/preserve/manifest.json', text: '{}' },
    };
    await replaceInPlace(asked, options);
    const { folder } = await entry();
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.mov'));
    expect({ name, bytes: Buffer.byteLength(name) <= 200 }).toEqual({ name: originalName({ source }), bytes: true });
    expect(source.endsWith(name)).toBe(true);
    await undoReplacement(await entry(), await entriesIn(root), options);
    expect(await readFile(join(root, source), 'utf8')).toBe(OLD);
  });

  it.each([
    { what: 'the film was edited', film: '2019/a.mov', edit: '2019/a.mov', says: /edited since/ },
    { what: 'the film of another extension was edited', film: '2019/a.mp4', edit: '2019/a.mp4', says: /edited since/ },
    { what: 'another file has the name', film: '2019/a.mp4', edit: '2019/a.mov', says: /another file is called/ },
  ])('and is not undone if $what', async ({ film, edit, says }) => {
    await replaceInPlace(await replacement(film), options);
    await writeFile(join(root, edit), 'of the user');
    await expect(undoReplacement(await entry(), await entriesIn(root), options)).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringMatching(says),
    });
    expect((await films()).find(([name]) => `2019/${name}` === edit)?.[1]).toBe('of the user');
    expect((await entriesIn(root)).length).toBe(1);
  });
});
