import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readPlaylist } from '../../../core/montage/read-playlist.ts';
import { HOSTILE, writeResults } from '../../fixtures/results.ts';
import { reelmill } from '../../support/reelmill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('reelmill gallery', () => {
  let out: string;
  let to: string;
  let told: string;
  beforeAll(async () => {
    out = await temporaryFolder();
    to = join(await temporaryFolder(), 'www');
    await writeResults(out);
    const ran = await reelmill(['gallery', out, '--to', to, '--title', 'My <films>', '--json']);
    expect(ran).toMatchObject({ code: 0, last: { type: 'gallery.done', films: 2, page: join(to, 'index.html') } });
    told = ran.stderr;
  });

  const text = (name: string) => readFile(join(to, name), 'utf8');
  const pages = async () => (await readdir(to)).filter((name) => name.endsWith('.html')).sort();

  it('makes a page of all films and one for each, whose names are plain whatever the films are called', async () => {
    const [first, second, third] = await pages();
    expect([first, second, third]).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}\.html$/),
      'index.html',
      expect.stringMatching(/^x-img-src-y-onerror-alert-1-41-[0-9a-f]{8}\.html$/),
    ]);
    expect(await text('index.html')).toContain('<h1>My &lt;films&gt;</h1>');
  });

  it('lets no name become markup', async () => {
    for (const page of await pages()) {
      expect(await text(page)).not.toContain('<img src=y');
      expect(await text(page)).toContain("default-src 'none'");
    }
  });

  it('copies what the pages name, and names nothing that is not there', async () => {
    for (const page of await pages()) {
      const links = [...(await text(page)).matchAll(/ (?:href|src|poster|data-sprite)="(?:\.\/)?([^"#]+)"/g)];
      expect(links.length).toBeGreaterThan(1);
      for (const [, link = ''] of links) expect((await stat(join(to, decodeURIComponent(link)))).isFile()).toBe(true);
    }
    expect(await readdir(join(to, 'films'), { recursive: true })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/ladder\/poster\.jpg$/),
        expect.stringMatching(/preserve\/x.*\.mp4$/),
      ]),
    );
  });

  it('has a playlist of all films for players of files', async () => {
    const lines = (await text('all.m3u8')).trim().split('\n');
    expect(lines.filter((line) => line.startsWith('#EXTINF:2,'))).toHaveLength(2);
    for (const path of lines.filter((line) => !line.startsWith('#')))
      expect((await stat(join(to, decodeURIComponent(path)))).size).toBeGreaterThan(1000);
  });

  it('has one for the player, which reads it as it stands', async () => {
    const read = readPlaylist(JSON.parse(await text('all.json')));
    expect(read?.skipped).toEqual([]);
    const items = read?.playlist.montages.flatMap(({ tracks }) => tracks.flatMap((track) => track.items)) ?? [];
    expect(items).toHaveLength(2);
    for (const { src } of items) expect((await stat(join(to, decodeURIComponent(src)))).isFile()).toBe(true);
  });

  it('tells of what is left out: a manifest that is broken, a file that is gone', () => {
    expect(told).toContain('"ladder/broken.mov/manifest.json" is no manifest that can be read');
    expect(told).toContain('"sd.mp4" of "ladder/holiday/東京.mp4/manifest.json" is gone');
  });

  it('leaves out files whose bytes are not the published ones, and tells it', async () => {
    const [results, www] = [await temporaryFolder(), join(await temporaryFolder(), 'www')];
    await writeResults(results);
    const damage = async (path: string) => {
      const bytes = await readFile(join(results, path));
      bytes.fill('x', bytes.length >> 1, (bytes.length >> 1) + 4);
      await writeFile(join(results, path), bytes);
    };
    await damage('ladder/holiday/東京.mp4/poster.jpg');
    const first = await reelmill(['gallery', results, '--to', www, '--json']);
    expect(first).toMatchObject({ code: 0, last: { films: 2 } });
    expect(first.stderr).toContain(
      '"poster.jpg" of "ladder/holiday/東京.mp4/manifest.json" is not as it was published',
    );
    await damage('ladder/holiday/東京.mp4/hd.mp4');
    const second = await reelmill(['gallery', results, '--to', www, '--json']);
    expect(second).toMatchObject({ code: 0, last: { films: 1 } });
    expect(second.stderr).toContain('"hd.mp4" of "ladder/holiday/東京.mp4/manifest.json" is not as it was published');
    const there = (await readdir(www, { recursive: true })).filter((name) => /hd\.mp4|poster\.jpg/.test(name));
    expect(there).toEqual([]);
    await damage(`${HOSTILE}.mp4`);
    expect(await reelmill(['gallery', results, '--to', www])).toMatchObject({ code: 66 });
  });

  it('copies nothing a second time, and removes what is not wanted any more', async () => {
    expect((await reelmill(['gallery', out, '--to', to, '--json'])).last).toMatchObject({ films: 2, copied: 0 });
    expect((await reelmill(['gallery', out, '--to', to, '--recipe', 'ladder', '--json'])).last).toMatchObject({
      films: 1,
    });
    expect(await pages()).toHaveLength(2);
  });

  it.each([
    { what: 'no such folder', args: ['/nowhere', '--to', 'NEW'], code: 66, says: 'there is no folder /nowhere' },
    { what: 'no results', args: ['EMPTY', '--to', 'NEW'], code: 66, says: 'no results' },
    { what: 'a folder of something else', args: ['OUT', '--to', 'OTHER'], code: 73, says: 'holds no gallery' },
    {
      what: 'a gallery whose record is damaged',
      args: ['OUT', '--to', 'DAMAGED'],
      code: 73,
      says: 'a damaged gallery.json',
    },
    {
      what: 'a recipe of which there is nothing',
      args: ['OUT', '--to', 'NEW', '--recipe', 'nope'],
      code: 66,
      says: 'there are results of ladder, preserve',
    },
    {
      what: 'a place that takes no folders',
      args: ['OUT', '--to', '/proc/reelmill-gallery'],
      code: 73,
      says: 'cannot write "/proc/reelmill-gallery"',
    },
    { what: 'a gallery among the results', args: ['OUT', '--to', 'WITHIN'], code: 64, says: 'apart from the results' },
    { what: 'no place', args: ['OUT'], code: 64, says: '--to' },
  ])('refuses $what with $code', async ({ args, code, says }) => {
    const [empty, other, damaged] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(damaged, 'gallery.json'), '{"gallery":1,"files":');
    await writeFile(join(other, 'mine.txt'), 'mine');
    await mkdir(join(empty, 'ladder'));
    const places: Readonly<Record<string, string>> = {
      DAMAGED: damaged,
      EMPTY: empty,
      OTHER: other,
      OUT: out,
      WITHIN: join(out, 'www'),
      NEW: join(other, 'www'),
    };
    const ran = await reelmill(['gallery', ...args.map((arg) => places[arg] ?? arg)]);
    expect(ran).toMatchObject({ code, stderr: expect.stringContaining(says) });
  });
});
