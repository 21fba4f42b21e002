import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { box, text, u32 } from '../fixtures/craft.ts';
import { custom, describedFile, handler, item, itunesList } from '../fixtures/described.ts';
import { rebuiltMatroska, simple, tag } from '../fixtures/rebuilt-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { foundByExiftool, untaggedClip } from '../support/untagged-clip.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const TOO_LARGE = 'it is larger than any real one';
const NINE_MB = 'x'.repeat(9 * 2 ** 20);

describe('one large tag', () => {
  let folder: string;
  let clip: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    clip = await untaggedClip(folder);
  });

  /** A picture that no codec makes smaller, in PNG. */
  const noise = async (side: number): Promise<Buffer> => {
    const [raw, png] = [join(folder, `${side}.rgb`), join(folder, `${side}.png`)];
    await writeFile(raw, randomBytes(side * side * 3));
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${side}x${side}`,
      '-i',
      raw,
      png,
    ]);
    return readFile(png);
  };
  const cover = (...pictures: readonly Buffer[]) =>
    box('covr', ...pictures.map((png) => box('data', u32(14), u32(0), png)));

  it.each(['mp4', 'mkv'])(
    'costs no other one in an MP4: a text of 9 MB beside covers of 9 and 4 MB, to %s',
    async (container) => {
      const large = [item('\u00a9lyr', NINE_MB), custom('A LOG', NINE_MB), cover(await noise(1800), await noise(1200))];
      const udta = box('udta', itunesList(large), box('GPMF', Buffer.alloc(64, 7)), box('GPMF', Buffer.from(NINE_MB)));
      const source = await describedFile(clip, join(folder, `large-${container}.mp4`), { movie: [udta] });
      const { path, manifest } = await milledFile(source, { ...settings, container });
      const lines = manifest.renditions[0]?.metadata ?? [];
      const dropped = lines.filter(({ why }) => why === TOO_LARGE).map(({ name }) => name);
      expect(dropped).toEqual(['\u00a9lyr', 'A LOG', 'GPMF']);
      expect(lines.filter(({ name }) => name === 'covr').map(({ fate }) => fate)).toEqual(['converted', 'converted']);
      if (container === 'mkv') {
        const tags = (await run('mkvextract', [path('preserve.mkv'), 'tags'])).stdout;
        for (const said of ['An Artist', 'A Show', 'box 7']) expect(tags).toContain(said);
        expect((await run('mkvmerge', ['-i', path('preserve.mkv')])).stdout.match(/image\/png/g)).toHaveLength(2);
        return;
      }
      expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
        'ItemList:Title': 'The Title',
        'ItemList:Artist': 'An Artist',
        'iTunes:CATALOGUE': 'box 7',
      });
      const shown = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width', '-of', 'csv=p=0'];
      const { stdout } = await run('ffprobe', [...shown, path('preserve.mp4')]);
      expect(stdout.trim().split('\n')).toEqual(['64', '1800', '1200']);
    },
  );

  it("costs none of QuickTime's other keys", async () => {
    const keys = ['com.apple.quicktime.make', 'com.example.log', 'com.apple.quicktime.model'];
    const value = (i: number, said: string) =>
      box('item', box('data', u32(1), u32(0), Buffer.from(said))).fill(u32(i), 4, 8);
    const meta = box(
      'meta',
      handler('mdta'),
      box('keys', u32(0), u32(keys.length), ...keys.map((name) => box('mdta', text(name)))),
      box('ilst', value(1, 'A Maker'), value(2, NINE_MB), value(3, 'A Model')),
    );
    const source = await describedFile(clip, join(folder, 'keys.mp4'), { movie: [meta] });
    const { path, manifest } = await milledFile(source, settings);
    expect(manifest.renditions[0]?.metadata).toEqual([
      { place: 'movie', name: 'com.apple.quicktime.make', fate: 'kept', why: 'copied as it is' },
      { place: 'movie', name: 'com.apple.quicktime.model', fate: 'kept', why: 'copied as it is' },
      { place: 'movie', name: 'com.example.log', fate: 'dropped', why: TOO_LARGE },
    ]);
    expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
      'Keys:Make': 'A Maker',
      'Keys:Model': 'A Model',
    });
  });

  it.each(['mp4', 'mkv'])(
    'costs no other one in a Matroska, whose tags are mostly in one group, to %s',
    async (container) => {
      const plain = join(folder, 'plain.mkv');
      await run('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', plain]);
      const tags = newElement(
        MKV.Tags,
        tag(simple('ARTIST', 'An Artist'), simple('LYRICS', NINE_MB), simple('SHELF', 'box 7')),
      );
      const source = await rebuiltMatroska(plain, join(folder, `large-${container}.mkv`), tags);
      const { path, manifest } = await milledFile(source, { ...settings, container });
      expect(manifest.renditions[0]?.metadata).toContainEqual({
        place: 'file',
        name: 'LYRICS',
        fate: 'dropped',
        why: TOO_LARGE,
      });
      if (container === 'mp4')
        expect(await foundByExiftool(path('preserve.mp4'))).toMatchObject({
          'ItemList:Artist': 'An Artist',
          'Keys:SHELF': 'box 7',
        });
      else expect((await run('mkvextract', [path('preserve.mkv'), 'tags'])).stdout).toMatch(/An Artist[\s\S]*box 7/);
    },
  );

  const manyTags = (count: number) =>
    box('udta', itunesList(Array.from({ length: count }, (_, i) => custom(`TAG ${i}`, 'x'))));

  const manyKeys = (count: number) => {
    const keys = Array.from({ length: count }, (_, i) => box('mdta', text(`com.example.${i}`)));
    return box('meta', handler('mdta'), box('keys', u32(0), u32(count), ...keys), box('ilst'));
  };

  it.each([
    ['items', manyTags(10_001)],
    ['keys', manyKeys(10_001)],
    ['both', Buffer.concat([manyTags(5001), manyKeys(5000)])],
  ])('refuses more tags than ffmpeg reads in a reasonable time: %s', async (kind, boxes) => {
    const source = await describedFile(clip, join(folder, `flood-${kind}.mp4`), { movie: [boxes] });
    await expect(milledFile(source, settings)).rejects.toThrow(/has more than 10000 tags.*-map_metadata -1/);
  });

  it('says of very many tags how many the manifest does not list', async () => {
    const source = await describedFile(clip, join(folder, 'many.mp4'), { movie: [manyTags(1500)] });
    const { path, manifest } = await milledFile(source, settings);
    expect(manifest.renditions[0]?.metadata).toHaveLength(1000);
    expect(manifest.warnings).toEqual([
      'the manifest lists 1000 of the 1506 things that the film says of itself; the others are 506 kept',
    ]);
    const list = await foundByExiftool(path('preserve.mp4'));
    expect(Object.keys(list).filter((name) => /TAG\d/i.test(name))).toHaveLength(1500);
  });
});
