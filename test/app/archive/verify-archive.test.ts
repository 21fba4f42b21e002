import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LookOptions, type VerifiedFile, verifyArchive } from '../../../app/archive/verify-archive.ts';
import { verifyFile } from '../../../app/archive/verify-file.ts';
import type { RecordedFile } from '../../../core/archive/fixity.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/job/manifest.ts';
import { openArchive } from '../../../runtime/local-archive.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { makeClip } from '../../support/clip.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MADE = new Date('2026-11-20T18:15:00.000Z');
const signal = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const put = async (key: string, content: string | Uint8Array) => {
  await mkdir(dirname(join(folder, key)), { recursive: true });
  await writeFile(join(folder, key), content);
  await utimes(join(folder, key), MADE, MADE);
};

/** Publishes these files, with a manifest at `key` whose paths are relative to it. */
async function publish(key: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const [rendition] = manifestFixture().renditions;
  const renditions: Manifest['renditions'] = [];
  for (const [path, content] of Object.entries(files)) {
    await put(join(dirname(key), path), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (rendition) renditions.push({ ...rendition, path, bytes: Buffer.from(content).length, sha256 });
  }
  await put(key, JSON.stringify(manifestFixture({ renditions })));
}

async function verify(options: { deep?: boolean; share?: number; at?: number } = {}) {
  const files: VerifiedFile[] = [];
  const archive = await openArchive(folder, signal);
  const clock = { ...archive.clock, ...(options.at !== undefined && { now: () => options.at ?? 0 }) };
  const { deep = false, share = 1 } = options;
  const verdict = await verifyArchive(
    { ...archive, clock, verify: (file, look) => verifyFile(file, archive, look), atOnce: 1 },
    { signal, deep, share, onFile: (file) => files.push(file), onProgress: () => {} },
  );
  return { ...verdict, files, fates: Object.fromEntries(files.map(({ key, fixity }) => [key, fixity])) };
}

describe('verifyArchive', () => {
  it('finds manifests beside their files and in the hidden folder, and names what they do not name', async () => {
    await publish('preserve/a.mp4/manifest.json', { 'preserve.mp4': 'one' });
    await publish('.reelmill/preserve/x/b.mp4/manifest.json', { '../../../../x/b.mp4': 'two' });
    await put('.reelmill/work/cache/piece', 'a piece');
    await put('notes.txt', 'mine');
    const { fates, extra, faults, verified } = await verify();
    expect(fates).toEqual({ 'preserve/a.mp4/preserve.mp4': 'good', 'x/b.mp4': 'good' });
    expect({ extra, faults, verified }).toEqual({ extra: ['notes.txt'], faults: [], verified: 2 });
  });

  it('tells missing, changed, corrupt and unreadable files apart', async () => {
    await publish('manifest.json', { gone: '1', longer: '22', newer: '33', bad: '44', locked: '55', fine: '66' });
    await rm(join(folder, 'gone'));
    await put('longer', '222');
    await put('bad', '45');
    await put('newer', '34');
    await utimes(join(folder, 'newer'), new Date(), new Date());
    await rm(join(folder, 'locked'));
    await mkdir(join(folder, 'locked'));
    const { fates, counts } = await verify();
    expect(fates).toEqual({
      gone: 'missing',
      longer: 'changed',
      newer: 'changed',
      bad: 'corrupt',
      locked: 'missing',
      fine: 'good',
    });
    expect(counts).toEqual({
      good: 1,
      missing: 2,
      changed: 2,
      corrupt: 1,
      unreadable: 0,
      undecodable: 0,
      agrees: 0,
      unsummed: 0,
    });
  });

  it('goes on after a file that cannot be read', async () => {
    await publish('manifest.json', { 'a.mp4': '1', 'b.mp4': '2' });
    const archive = await openArchive(folder, signal);
    const hash: typeof archive.hash = async (path, options) => {
      if (path.endsWith('a.mp4')) throw new ServiceError('no-input', 'cannot read it: input/output error');
      return archive.hash(path, options);
    };
    const files: VerifiedFile[] = [];
    const options = {
      signal,
      deep: false,
      share: 1,
      onFile: (file: VerifiedFile) => files.push(file),
      onProgress: () => {},
    };
    const ports = { ...archive, hash };
    const look = (file: RecordedFile, how: LookOptions) => verifyFile(file, ports, how);
    await verifyArchive({ ...archive, verify: look, atOnce: 1 }, options);
    expect(files).toEqual([
      { key: 'a.mp4', bytes: 1, fixity: 'unreadable', why: 'cannot read it: input/output error' },
      { key: 'b.mp4', bytes: 1, fixity: 'good' },
    ]);
  });

  it('decodes films only when asked to, and finds what never decoded', async () => {
    const clip = join(await temporaryFolder(), 'clip.mp4');
    await makeClip(clip, { seconds: 1 });
    const whole = await readFile(clip);
    const cut = Buffer.from(whole);
    const media = cut.indexOf('mdat') + 4; // makeClip writes the index behind the media
    cut.fill(0xff, media + 20_000, media + 24_000);
    await publish('manifest.json', { 'whole.mp4': whole, 'broken.mp4': cut, 'page.srt': 'no film' });
    expect((await verify()).counts.good).toBe(3);
    const { fates } = await verify({ deep: true });
    expect(fates).toEqual({ 'whole.mp4': 'good', 'broken.mp4': 'undecodable', 'page.srt': 'good' });
  });

  it('decodes no header of a track, which holds no frames', async () => {
    const sha256 = createHash('sha256').update('a header').digest('hex');
    await put('sd.init.mp4', 'a header');
    const header = { path: 'sd.init.mp4', bytes: 8, sha256, kind: 'init' as const };
    await put('manifest.json', JSON.stringify(manifestFixture({ renditions: [], playlists: [header] })));
    expect((await verify({ deep: true })).fates).toEqual({ 'sd.init.mp4': 'good' });
    await put('sd.init.mp4', 'b header');
    expect((await verify({ deep: true })).fates).toEqual({ 'sd.init.mp4': 'corrupt' });
  });

  it.each([
    { after: -1000, says: 'its bytes are not the published ones, and by its time nobody wrote it since' },
    {
      after: 1000,
      says: 'its bytes are not the published ones; its time is 1 s after its publication, which does not show whether somebody wrote it since',
    },
  ])(
    'says of a file with other bytes what its time shows, $after ms after its publication',
    async ({ after, says }) => {
      await publish('manifest.json', { 'a.mp4': 'one' });
      await put('a.mp4', 'two');
      const published = Date.parse(manifestFixture().madeAt);
      await utimes(join(folder, 'a.mp4'), new Date(published + after), new Date(published + after));
      expect((await verify()).files).toEqual([{ key: 'a.mp4', bytes: 3, fixity: 'corrupt', why: says }]);
    },
  );

  it('takes up with a sample where the last one ended', async () => {
    await publish('manifest.json', { a: '1', b: '2', c: '3', d: '4' });
    const runs = [];
    for (const at of [1000, 2000, 3000]) runs.push(Object.keys((await verify({ share: 0.5, at })).fates));
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['a', 'b'],
    ]);
  });

  it('reads nothing outside of the archive', async () => {
    const other = await temporaryFolder();
    await writeFile(join(other, 'secret'), '1');
    await publish('x/manifest.json', { 'link.mp4': '1' });
    await rm(join(folder, 'x/link.mp4'));
    await symlink(join(other, 'secret'), join(folder, 'x/link.mp4'));
    const [rendition] = manifestFixture().renditions;
    if (!rendition) throw new Error('the fixture has a rendition');
    const renditions = [{ ...rendition, path: '../../elsewhere.mp4' }];
    await put('y/manifest.json', JSON.stringify(manifestFixture({ renditions })));
    const { fates, faults } = await verify();
    expect(fates).toEqual({ 'x/link.mp4': 'unreadable' });
    expect(faults).toEqual([
      'y/manifest.json names a file outside of the archive, which is not read: ../../elsewhere.mp4',
    ]);
  });

  it('names a damaged manifest, and passes over one of another program', async () => {
    await publish('a/manifest.json', { 'a.mp4': '1' });
    await put('b/manifest.json', '{"recipe": "pres');
    await put('web/manifest.json', '{"name": "A web app", "icons": []}');
    expect((await verify()).faults).toEqual(['b/manifest.json is damaged: it cannot be read as a manifest']);
  });

  it('refuses a folder without a manifest, and one that is none', async () => {
    await expect(verify()).rejects.toMatchObject({ code: 'no-input', exitCode: 66 });
    await expect(openArchive(join(folder, 'nix'), signal)).rejects.toMatchObject({ code: 'no-input' });
  });

  it('verifies an archive that cannot be written', async () => {
    await publish('manifest.json', { a: '1' });
    await mkdir(join(folder, '.reelmill'));
    await writeFile(join(folder, '.reelmill/verified.json'), '{}');
    await chmod(join(folder, '.reelmill'), 0o555);
    expect((await verify()).counts.good).toBe(1);
  });
});
