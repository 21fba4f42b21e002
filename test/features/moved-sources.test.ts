import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { filesOf, type Manifest } from '../../core/job/manifest.ts';
import { makeClip } from '../support/clip.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1', evenIfLarger: true };
const SRT = '1\n00:00:00,100 --> 00:00:00,900\nGood evening\n';

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('a source that was made before', () => {
  let mill: TestMill;
  let film: string;
  const as = (name: string) => join(mill.folder, 'in', name);
  const at = (name: string) => join(mill.folder, 'out', 'preserve', name);

  beforeEach(async () => {
    mill = await testMill();
    film = as('film.mp4');
    await makeClip(film, { seconds: 1 });
  });

  async function expectWhole(folder: string, manifest: Manifest) {
    for (const { path, sha256 } of filesOf(manifest)) expect(await hashOf(join(folder, path))).toBe(sha256);
  }

  it.each(['preserve', 'ladder'])(
    'and was renamed since brings what %s made of it along, and encodes nothing',
    async (recipe) => {
      const settings = recipe === 'ladder' ? { preset: 'ultrafast', segmentSeconds: '1' } : SETTINGS;
      const first = await mill.run(film, recipe, settings);
      const was = await first.manifest();
      const { ino } = await stat(first.path(was.renditions[0]?.path ?? ''));
      await rename(film, as('Renamed film.mov'));

      const moved = await mill.run(as('Renamed film.mov'), recipe, settings);
      expect(moved.outcome.status).toBe('done');
      expect(moved.encoded()).toEqual({});
      expect(moved.made()).toEqual(was.renditions.map(({ name }) => name));
      expect(moved.events).toContainEqual(
        expect.objectContaining({ type: 'job.taken', how: 'moved', from: 'film.mp4' }),
      );
      const manifest = await moved.manifest();
      expect(manifest).toMatchObject({
        source: { ...was.source, path: 'Renamed film.mov' },
        taken: { how: 'moved', from: 'film.mp4', job: was.job },
        warnings: was.warnings,
        cost: { estimatedUsd: 0 },
      });
      expect(filesOf(manifest)).toHaveLength(filesOf(was).length);
      expect(manifest.renditions.map(({ sha256, segments }) => [sha256, segments.encoded])).toEqual(
        was.renditions.map(({ sha256 }) => [sha256, 0]),
      );
      await expectWhole(dirname(moved.path('x')), manifest);
      expect((await stat(moved.path(manifest.renditions[0]?.path ?? ''))).ino).toBe(ino); // not a byte was copied
      expect(await readdir(dirname(first.path('x')))).toEqual([]);
      expect((await mill.run(as('Renamed film.mov'), recipe, settings)).outcome.status).toBe('unchanged');

      await rename(as('Renamed film.mov'), film);
      expect((await mill.run(film, recipe, settings)).encoded()).toEqual({});
    },
  );

  it('and lies there twice is copied, told, and each is a file of its own', async () => {
    const first = await mill.run(film, 'preserve', SETTINGS);
    await copyFile(film, as('copy.mp4'));
    const second = await mill.run(as('copy.mp4'), 'preserve', SETTINGS);
    expect(second.encoded()).toEqual({});
    expect(second.events).toContainEqual(
      expect.objectContaining({ type: 'job.taken', how: 'copied', from: 'film.mp4' }),
    );
    const manifest = await second.manifest();
    expect(manifest.taken).toMatchObject({ how: 'copied', from: 'film.mp4' });
    expect(manifest.warnings).toContainEqual('it has the same bytes as film.mp4: what was made of these is copied');
    for (const [made, folder] of [
      [first, at('film.mp4')],
      [second, at('copy.mp4')],
    ] as const) {
      await expectWhole(folder, await made.manifest());
    }
    const inode = async (folder: string) => (await stat(join(folder, 'preserve.mp4'))).ino;
    expect(await inode(at('film.mp4'))).not.toBe(await inode(at('copy.mp4')));
    expect((await mill.run(film, 'preserve', SETTINGS)).outcome.status).toBe('unchanged');
    expect((await mill.run(as('copy.mp4'), 'preserve', SETTINGS)).outcome.status).toBe('unchanged');
  });

  it('into whose place a film comes that was made elsewhere takes that over, and leaves nothing of its own', async () => {
    await mill.run(film, 'preserve', SETTINGS);
    await makeClip(as('other.mp4'), { seconds: 1, size: '176x144' });
    await mill.run(as('other.mp4'), 'preserve', { ...SETTINGS, container: 'mkv' });
    await rename(film, as('other.mp4'));
    const taken = await mill.run(as('other.mp4'), 'preserve', SETTINGS);
    expect((await taken.manifest()).taken).toMatchObject({ how: 'moved', from: 'film.mp4' });
    expect((await readdir(at('other.mp4'))).sort()).toEqual([
      'manifest.json',
      'preserve.mp4',
      'report.html',
      'report.jpg',
    ]);
  });

  it('comes along with a subtitle that was renamed with it', async () => {
    await writeFile(as('film.eng.srt'), SRT);
    await mill.run(film, 'preserve', SETTINGS);
    await rename(film, as('new.mp4'));
    await rename(as('film.eng.srt'), as('new.eng.srt'));
    const moved = await mill.run(as('new.mp4'), 'preserve', SETTINGS);
    const { taken, source, streams } = await moved.manifest();
    expect(taken).toMatchObject({ how: 'moved' });
    expect(source.beside).toMatchObject([{ path: 'new.eng.srt' }]);
    expect(streams.at(-1)).toMatchObject({ beside: 'new.eng.srt', sidecar: 'preserve.eng.srt' });
    expect((await mill.run(as('new.mp4'), 'preserve', SETTINGS)).outcome.status).toBe('unchanged');
  });

  it('comes along and is joined again without the subtitle that was left behind', async () => {
    await writeFile(as('film.eng.srt'), SRT);
    await mill.run(film, 'preserve', SETTINGS);
    await rename(film, as('new.mp4'));
    const moved = await mill.run(as('new.mp4'), 'preserve', SETTINGS);
    expect(moved.encoded()).toEqual({});
    const { source, sidecars } = await moved.manifest();
    expect(source.beside).toBeUndefined();
    expect(sidecars).toEqual([]);
    expect(await readdir(at('new.mp4'))).not.toContain('preserve.eng.srt');
  });

  it.each([
    { what: 'other settings', settings: { ...SETTINGS, crf: 27 }, more: {} },
    { what: 'a remake', settings: SETTINGS, more: { remake: true } },
  ])('is made by itself where $what is asked for', async ({ settings, more }) => {
    await mill.run(film, 'preserve', SETTINGS);
    await rename(film, as('new.mp4'));
    const made = await mill.run(as('new.mp4'), 'preserve', settings, more);
    expect((await made.manifest()).taken).toBeUndefined();
    expect(await readdir(at('film.mp4'))).toContain('preserve.mp4');
  });

  it('is made anew where what was made of it is damaged or gone', async () => {
    await mill.run(film, 'preserve', SETTINGS);
    const path = join(at('film.mp4'), 'preserve.mp4');
    const bytes = await readFile(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 255;
    await writeFile(path, bytes);
    await rename(film, as('new.mp4'));
    const made = await mill.run(as('new.mp4'), 'preserve', SETTINGS);
    const manifest = await made.manifest();
    expect(manifest.taken).toBeUndefined();
    await expectWhole(at('new.mp4'), manifest);
  });
});
