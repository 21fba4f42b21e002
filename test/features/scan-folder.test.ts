import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scanFolder, watchFolder } from '../../adapters/local/watch-folder.ts';
import { ServiceError } from '../../core/errors.ts';
import { HARD_NAMES } from '../contracts/object-store.ts';
import { inFolder } from '../fixtures/dropped-folder.ts';
import { sorted } from '../fixtures/sorted.ts';

describe('scanFolder', () => {
  it.concurrent(
    'reports what is there, once, and ends',
    inFolder(async ({ root, options, drop, keys, reports, drops }) => {
      const good = ['input/clip.mov', 'input/downscale/c.mkv', 'input/preserve/2019/A.MOV', 'input/preserve/b.mov'];
      for (const key of good) await drop(key, key);
      for (const key of ['clip.mov', 'recipes.json', 'output/preserve/x.mov/preserve.mp4']) await drop(key);
      for (const name of ['.a.mov', '.b/c.mov', 'd.mov.part', 'b.mov.reelmill.json'])
        await drop(`input/preserve/${name}`);
      await scanFolder(root, options);
      expect(sorted(keys())).toEqual(good);
      expect(drops.every(({ key, bytes }) => bytes === key.length)).toBe(true);
      expect(reports).toEqual([]);
    }),
  );

  it.concurrent(
    'finds every name that is as good as any other',
    inFolder(async ({ root, options, drop, keys }) => {
      const hard = HARD_NAMES.map(({ name }) => `input/preserve/${name}`);
      for (const key of hard) await drop(key);
      await scanFolder(root, options);
      expect(sorted(keys())).toEqual(sorted(hard));
    }),
  );

  it.concurrent.each([
    { what: 'is copied', isPreallocated: false },
    { what: 'that had its size from the start is filled', isPreallocated: true },
  ])('waits until a file $what', ({ isPreallocated }) =>
    inFolder(async ({ root, options, copySlowly, pathOf, time }) => {
      const copying = copySlowly('input/preserve/slow.mov', { isPreallocated });
      copying.then(time.release);
      const reported: Buffer[] = [];
      await scanFolder(root, { ...options, onDrop: ({ key }) => reported.push(readFileSync(pathOf(key))) });
      expect(reported).toHaveLength(1);
      expect(reported[0]?.equals(Buffer.alloc(25_000, 1))).toBe(true);
      await copying;
    })(),
  );

  it.concurrent(
    'waits even for a file whose times say that it is old',
    inFolder(async ({ root, options, drop, drops, pathOf, time }) => {
      time.hold();
      const path = pathOf('input/preserve/a.mov');
      await drop('input/preserve/a.mov');
      await utimes(path, new Date(0), new Date(0));
      const scanning = scanFolder(root, options);
      await time.waits();
      await drop('input/preserve/a.mov', 'a longer film');
      await utimes(path, new Date(0), new Date(0));
      time.release();
      await scanning;
      expect(drops).toEqual([expect.objectContaining({ bytes: 13 })]);
    }),
  );

  it.concurrent(
    'goes on when a file is removed or renamed while it waits',
    inFolder(async ({ root, options, drop, keys, pathOf, time }) => {
      time.hold();
      for (const name of ['a.mov', 'b.mov', 'c.mov']) await drop(`input/preserve/${name}`);
      const scanning = scanFolder(root, options);
      await time.waits(3);
      await rm(pathOf('input/preserve/a.mov'));
      await rename(pathOf('input/preserve/b.mov'), pathOf('input/preserve/d.mov'));
      time.release();
      await scanning;
      expect(keys()).toEqual(['input/preserve/c.mov']);
    }),
  );

  it.concurrent(
    'goes out through no link, and says so once',
    inFolder(async ({ base, root, options, drop, keys, reports, pathOf }) => {
      await mkdir(join(base, 'elsewhere'));
      await writeFile(join(base, 'elsewhere/secret.mov'), 'secret');
      await symlink(join(base, 'elsewhere/secret.mov'), pathOf('input/preserve/link.mov'));
      await symlink(join(base, 'elsewhere'), pathOf('input/preserve/folder'));
      await drop('input/preserve/a.mov');
      await symlink('a.mov', pathOf('input/preserve/inside.mov'));
      await scanFolder(root, options);
      expect(sorted(keys())).toEqual(['input/preserve/a.mov', 'input/preserve/inside.mov']);
      expect(sorted(reports)).toEqual([
        expect.stringContaining('input/preserve/folder'),
        expect.stringContaining('input/preserve/link.mov'),
      ]);
    }),
  );

  it.concurrent(
    'does not look into an input/ that is a link out of the folder',
    inFolder(async ({ base, root, options, drops, reports, pathOf }) => {
      await rm(pathOf('input'), { recursive: true });
      await mkdir(join(base, 'elsewhere/preserve'), { recursive: true });
      await writeFile(join(base, 'elsewhere/preserve/a.mov'), 'x');
      await symlink(join(base, 'elsewhere'), pathOf('input'));
      await scanFolder(root, options);
      expect(drops).toEqual([]);
      expect(reports).toHaveLength(1);
      await expect(watchFolder(root, options)).rejects.toMatchObject({ code: 'bad-input' });
    }),
  );

  it.concurrent(
    'tells of a name that is not UTF-8',
    inFolder(async ({ root, options, reports, pathOf }) => {
      const name = Buffer.concat([Buffer.from(pathOf('input/preserve/caf')), Buffer.from([0xe9]), Buffer.from('.mov')]);
      await writeFile(name, 'x');
      await scanFolder(root, options);
      expect(reports).toEqual([expect.stringContaining('not UTF-8')]);
    }),
  );

  it.concurrent(
    'finds nothing where there is no input/, and refuses a folder that is not there',
    inFolder(async ({ base, root, options, drops, pathOf }) => {
      await rm(pathOf('input'), { recursive: true });
      await scanFolder(root, options);
      expect(drops).toEqual([]);
      await expect(scanFolder(join(base, 'typo'), options)).rejects.toMatchObject({ code: 'no-input' });
      await expect(watchFolder(join(base, 'typo'), options)).rejects.toMatchObject({ code: 'no-input' });
    }),
  );

  it.concurrent(
    'ends with what it was aborted with',
    inFolder(async ({ root, options, drop, drops, abort, time }) => {
      time.hold();
      await drop('input/preserve/a.mov');
      const reclaimed = new ServiceError('reclaimed', 'the machine is wanted back');
      const scanning = expect(scanFolder(root, options)).rejects.toBe(reclaimed);
      await time.waits();
      abort.abort(reclaimed);
      await scanning;
      expect(drops).toEqual([]);
    }),
  );

  it.concurrent(
    'fails with what the receiver of a drop throws',
    inFolder(async ({ root, options, drop }) => {
      await drop('input/preserve/a.mov');
      const onDrop = () => {
        throw new RangeError('a bug');
      };
      await expect(scanFolder(root, { ...options, onDrop })).rejects.toThrow('a bug');
      await expect(watchFolder(root, { ...options, onDrop })).rejects.toThrow('a bug');
    }),
  );
});
