import { execFile } from 'node:child_process';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, type TestMill, testMill } from './mill.ts';
import { LADDER_QUICK, SHORT, threeRungs, tinyClip } from './tiny-ladder.ts';

const run = promisify(execFile);

/** What a ladder that is there already becomes when its source or one of its files changes. */
export const whatIsThereAlready = (from: 'source' | 'parent') =>
  describe(`a ladder from=${from} that is there already`, () => {
    const asked = { ...LADDER_QUICK, from };
    let mill: TestMill;
    let source: string;
    let again: () => Promise<Milled>;
    let tweaked: (name: string) => Promise<string>;
    let tweaks = 0;
    beforeAll(async () => {
      mill = await testMill();
      source = await mill.own(await makeClip(tinyClip('256x144', SHORT)));
      again = () => mill.run(source, threeRungs, asked);
      const first = await again();
      tweaked = async (name) => {
        const file = first.path(`${name}.mp4`);
        const draft = `${file}.tweak.mp4`;
        const codec = /4k|1440p/.test(name)
          ? ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-tag:v', 'hvc1']
          : ['-c:v', 'libx264'];
        await run('ffmpeg', [
          '-v',
          'error',
          '-y',
          '-i',
          file,
          '-vf',
          `hue=b=${0.1 * ++tweaks}`,
          ...codec,
          '-c:a',
          'copy',
          draft,
        ]);
        await writeFile(file, await readFile(draft));
        await rm(draft);
        return file;
      };
    });
    afterEach(async () => {
      expect((await again()).outcome).toMatchObject({ status: 'unchanged' }); // whatever was done settles
    });

    it('encodes nothing when only tags of the source changed, and stops where the rung came out as it was', async () => {
      const retagged = tinyClip('256x144', [...SHORT, '-metadata', 'title=New'], 'retagged.mp4');
      await writeFile(source, await readFile(await makeClip(retagged)));
      const run = await again();
      expect(run.outcome).toMatchObject({ status: 'done' });
      expect(run.encoded()).toEqual({});
      expect(run.made()).toEqual(['4k']);
    });

    it.each([
      { name: 'hd', made: ['sd'], pictures: true },
      { name: 'sd', made: [], pictures: true },
      { name: '4k', made: ['hd', 'sd'], pictures: true },
    ])('replaced by hand, $name.mp4 stays and only what hangs on it is made', async ({ name, made, pictures }) => {
      const before = await (await again()).manifest();
      const file = await readFile(await tweaked(name));
      const run = await again();
      expect(run.outcome).toMatchObject({ status: 'done' });
      expect(run.made()).toEqual(made);
      expect(Object.keys(run.encoded())).toEqual(made);
      expect((await readFile(run.path(`${name}.mp4`))).equals(file)).toBe(true);
      const after = await run.manifest();
      expect(after.renditions.find((each) => each.name === name)).toMatchObject({ edited: true });
      expect(after.renditions.find((each) => each.name === made[0])?.parent).toBe(made[0] && name);
      expect(after.thumbnails?.parentSha256 !== before.thumbnails?.parentSha256).toBe(pictures);
    });

    it('goes back to the source when what was put there by hand is taken away', async () => {
      const { path, manifest } = await again();
      const first = (await manifest()).renditions.find(({ name }) => name === '4k');
      if (!first?.edited) await tweaked('4k').then(again); // unless the test before has put one there
      await rm(path('4k.mp4'));
      const run = await again();
      expect(run.made()).toEqual(['4k', 'hd', 'sd']);
      const { renditions } = await run.manifest();
      expect(renditions.filter(({ edited }) => edited)).toEqual([]);
      expect(renditions.map(({ parent }) => parent)).toEqual(
        from === 'source' ? ['source', 'source', 'source'] : ['source', '4k', 'hd'],
      );
    });

    it('makes nothing when a thumbnail was replaced by hand', async () => {
      const { path } = await again();
      const mine = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
        .jpeg()
        .toBuffer();
      await writeFile(path('poster.jpg'), mine);
      expect((await again()).made()).toEqual([]);
      expect((await readFile(path('poster.jpg'))).equals(mine)).toBe(true);
    });

    it('makes nothing when only the time of the source changed', async () => {
      await utimes(source, new Date(), new Date());
      expect((await again()).outcome).toMatchObject({ status: 'unchanged' });
    });

    it('makes again what was only damaged', async () => {
      const { path } = await again();
      await writeFile(path('sd.mp4'), (await readFile(path('sd.mp4'))).subarray(0, 3000));
      expect((await again()).made()).toEqual(['sd']);
    });

    it('makes all again when the source changed', async () => {
      const other = tinyClip('256x144', [...SHORT, '-vf', 'negate'], 'other.mp4');
      await writeFile(source, await readFile(await makeClip(other)));
      expect((await again()).made()).toEqual(['4k', 'hd', 'sd']);
    });
  });
