import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newElement, textElement, uintElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { manyChapters, rebuiltMatroska, simple, tag } from '../fixtures/rebuilt-matroska.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('descriptions in Matroska that nobody means well with', () => {
  let folder: string;
  let plain: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = join(folder, 'plain.mkv');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', ...picture, plain]);
  });

  const GROUPS = 1025;
  const many = () => Array.from({ length: GROUPS }, () => tag(simple('NOTE', 'x')));
  const TITLE = simple('SHELF', 'kept');
  const KINDS = [
    {
      what: 'tags of 40 MB',
      parts: () => [
        newElement(MKV.Tags, tag(TITLE), ...Array.from({ length: 5 }, () => tag(simple('NOTE', 'x'.repeat(2 ** 23))))),
      ],
      says: { name: 'NOTE', why: 'it is larger than any real one' },
    },
    {
      what: 'a tag that reaches beyond its tags',
      parts: () => [newElement(MKV.Tags, tag(TITLE), Buffer.from([0x73, 0x73, 0x4f, 0xff, 0x67, 0xc8]))],
      says: { name: 'tag', why: 'it is damaged' },
    },
    {
      what: 'a tag whose parts are no elements',
      parts: () => [newElement(MKV.Tags, tag(TITLE), newElement(MKV.Tag, Buffer.from('000000000000', 'hex')))],
      says: { name: 'tag', why: 'it is damaged' },
    },
    {
      what: 'an attachment without bytes',
      parts: () => [
        newElement(MKV.Tags, tag(TITLE)),
        newElement(MKV.Attachments, newElement(MKV.AttachedFile, newElement(MKV.FileName, Buffer.from('a.ttf')))),
      ],
      says: { name: 'attachment', why: 'it has no name, no type or no bytes' },
    },
  ] as const;

  it.each(KINDS)('names $what, and keeps the rest', async ({ what, parts, says }) => {
    const source = await rebuiltMatroska(plain, join(folder, `${what.replaceAll(' ', '-')}.mkv`), ...parts());
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const lines = manifest.renditions[0]?.metadata ?? [];
    expect(lines).toContainEqual({ place: 'file', fate: 'dropped', ...says });
    expect(lines.length).toBeLessThanOrEqual(1000);
    expect((await run('mkvextract', [path('preserve.mkv'), 'tags'])).stdout).toContain('SHELF');
  });

  it.each([
    {
      where: 'before the packets',
      film: async () => rebuiltMatroska(plain, join(folder, 'many-before.mkv'), newElement(MKV.Tags, ...many())),
    },
    {
      where: 'behind the packets',
      film: async () => {
        const [film, tags] = [join(folder, 'many-behind.mkv'), join(folder, 'many.xml')];
        await copyFile(plain, film);
        const each = '<Tag><Targets/><Simple><Name>NOTE</Name><String>x</String></Simple></Tag>';
        await writeFile(tags, `<Tags>${each.repeat(GROUPS)}</Tags>`);
        await run('mkvpropedit', [film, '--tags', `all:${tags}`]);
        return film;
      },
    },
  ])('refuses more groups of tags than can be read, $where', async ({ film }) => {
    const { outcome } = await (await testMill()).run(await film(), 'preserve', QUICK);
    const reason = expect.stringContaining('has more than 1024 groups of tags');
    expect(outcome).toMatchObject({ status: 'failed', code: 'over-limit', reason });
  });

  it('keeps an attachment whose name is empty, and all else that it describes', async () => {
    const attached = (name: string, bytes: string) =>
      newElement(
        MKV.AttachedFile,
        textElement(MKV.FileName, name),
        textElement(MKV.FileMediaType, 'application/octet-stream'),
        uintElement(MKV.FileUID, bytes.length),
        newElement(MKV.FileData, Buffer.from(bytes)),
      );
    const files = newElement(MKV.Attachments, attached('', 'nameless'), attached('a.bin', 'named'));
    const source = await rebuiltMatroska(plain, join(folder, 'nameless.mkv'), files);
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    expect(manifest.renditions[0]?.metadata?.filter(({ name }) => name === 'attachment') ?? []).toEqual([]);
    const { stdout } = await run('mkvmerge', ['-J', path('preserve.mkv')]);
    expect(JSON.parse(stdout).attachments.map(({ size }: { size: number }) => size)).toEqual([8, 5]);
  });

  it('takes 20,000 chapters over', async () => {
    const source = await rebuiltMatroska(plain, join(folder, 'chapters.mkv'), manyChapters(20_000));
    const { path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const { stdout } = await run('mkvmerge', ['-J', path('preserve.mkv')]);
    expect(JSON.parse(stdout).chapters).toEqual([{ num_entries: 20_000 }]);
  });

  it('writes the first of two places where phones look, and both as they were', async () => {
    const places = [simple('LOCATION', '+48.8584+002.2945/'), simple('LOCATION', '-33.8568+151.2153/')];
    const source = await rebuiltMatroska(plain, join(folder, 'places.mkv'), newElement(MKV.Tags, tag(...places)));
    const { path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true' });
    const { stdout } = await run('exiftool', ['-a', '-G1', '-s', '-n', path('preserve.mp4')]);
    const said = (name: string) => [...stdout.matchAll(new RegExp(`${name} +: (.*)`, 'g'))].map(([, value]) => value);
    expect(said('\\[UserData\\] +GPSCoordinates')).toEqual(['48.8584 2.2945']);
    expect(said('\\[Keys\\] +Location')).toEqual(['+48.8584+002.2945/', '-33.8568+151.2153/']);
  });
});
