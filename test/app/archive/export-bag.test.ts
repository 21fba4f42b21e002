import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { exportBag } from '../../../app/archive/export-bag.ts';
import { openArchive, openBag } from '../../../runtime/local-archive.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { sha256Of } from '../../support/hash.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  const [rendition] = manifestFixture().renditions;
  if (!rendition) throw new Error('the fixture has a rendition');
  const checks = [{ name: 'frames', passed: true, detail: '250 of 250' }];
  const renditions = [{ ...rendition, path: '../b/ü film.mp4', bytes: 3, sha256: sha256Of('two'), checks }];
  const source = { ...manifestFixture().source, bytes: 3, sha256: sha256Of('one') };
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  await writeFile(join(folder, 'a/manifest.json'), JSON.stringify(manifestFixture({ renditions, source })));
  await writeFile(join(folder, 'b/ü film.mp4'), 'two');
  await writeFile(join(folder, 'clip.mov'), 'one');
});

async function exported(source: string | undefined = join(folder, 'clip.mov'), bag = 'bag') {
  const { store, clock } = await openArchive(folder, signal);
  const request = { manifestKey: 'a/manifest.json', source, agent: 'Reelmill test' };
  return exportBag(request, { store, clock, bag: await openBag(join(folder, bag)) }, signal);
}

const namesIn = async (path: string) => (await readdir(join(folder, path), { recursive: true })).toSorted();

describe('exportBag', () => {
  it('writes a bag that sha256sum finds whole, with payload, tags and sums as RFC 8493 has them', async () => {
    expect(await exported()).toMatchObject({ files: 3 });
    const bag = join(folder, 'bag');
    for (const list of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      const { stdout } = await run('sha256sum', ['--check', '--strict', list], { cwd: bag });
      expect(
        stdout
          .trimEnd()
          .split('\n')
          .every((line) => line.endsWith(': OK')),
      ).toBe(true);
    }
    expect(await readFile(join(bag, 'data/renditions/b/ü film.mp4'), 'utf8')).toBe('two');
    expect(await readFile(join(bag, 'data/source/clip.mov'), 'utf8')).toBe('one');
    // every payload file is listed, and Payload-Oxum counts them
    const listed = (await readFile(join(bag, 'manifest-sha256.txt'), 'utf8')).trimEnd().split('\n');
    const sizes = await Promise.all(listed.map(async (line) => (await stat(join(bag, line.slice(66)))).size));
    const there = (await readdir(join(bag, 'data'), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    expect(listed).toHaveLength(there.length);
    const oxum = `Payload-Oxum: ${sizes.reduce((sum, each) => sum + each)}.${listed.length}`;
    expect(await readFile(join(bag, 'bag-info.txt'), 'utf8')).toContain(`${oxum}\n`);
  });

  it('tells what was made from what, by which command, and how it was verified', async () => {
    await exported();
    const premis = JSON.parse(await readFile(join(folder, 'bag/metadata/premis.json'), 'utf8'));
    const [source, rendition] = premis.objects;
    expect(source).toMatchObject({ role: 'source', contentLocation: 'data/source/clip.mov' });
    expect(rendition.relationship.object).toEqual(source.identifier);
    expect(premis.events.map(({ type, object }: { type: string; object: unknown }) => [type, object])).toEqual([
      ['creation', rendition.identifier],
      ['validation', rendition.identifier],
    ]);
  });

  it('leaves the source out if it is told to, and says so', async () => {
    const { store, clock } = await openArchive(folder, signal);
    const bag = await openBag(join(folder, 'bag'));
    await exportBag({ manifestKey: 'a/manifest.json', source: undefined, agent: 'x' }, { store, clock, bag }, signal);
    expect(await namesIn('bag/data')).toEqual([
      'manifest.json',
      'renditions',
      'renditions/b',
      'renditions/b/ü film.mp4',
    ]);
    expect(await readFile(join(folder, 'bag/bag-info.txt'), 'utf8')).toContain('The source is not in this bag.');
  });

  it.each([
    ['a source that is another file', 'bad-input', () => exported(join(folder, 'b/ü film.mp4'))],
    ['a source that is not there', 'no-input', () => exported(join(folder, 'nix.mov'))],
    [
      'a rendition that changed',
      'bad-input',
      async () => {
        await writeFile(join(folder, 'b/ü film.mp4'), 'tow');
        return exported();
      },
    ],
    [
      'a folder that is not empty',
      'cannot-write',
      async () => {
        await mkdir(join(folder, 'full'));
        await writeFile(join(folder, 'full/mine'), '');
        return exported(undefined, 'full');
      },
    ],
  ])('refuses %s, and leaves nothing behind', async (_, code, exporting) => {
    const before = await namesIn('.');
    await expect(exporting()).rejects.toMatchObject({ code });
    const left = (await namesIn('.')).filter((name) => !before.includes(name) && !name.startsWith('full'));
    expect(left).toEqual([]);
  });
});
