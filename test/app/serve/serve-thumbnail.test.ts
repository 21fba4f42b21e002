import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { serveThumbnail } from '../../../app/serve/serve-thumbnail.ts';
import { THUMBNAIL_WIDTHS, thumbnailRequest } from '../../../core/thumbnails/thumbnail-request.ts';
import { localThumbnailPorts } from '../../../runtime/local-thumbnails.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILM = "ladder/2019/it's a film & more +1%41.mov";
const of = (path: string, more = 'width=320') => `of=${encodeURIComponent(path)}&${more}`;

describe('a thumbnail on request', () => {
  let root: string;
  let poster: string;
  const ask = (query: string, { method = 'GET', ifNoneMatch }: { method?: string; ifNoneMatch?: string } = {}) =>
    serveThumbnail(
      { method, path: '/thumbnail', query, ifNoneMatch },
      localThumbnailPorts(root, join(root, '.reelmill', 'work')),
    );
  const cached = () =>
    readdir(join(root, '.reelmill/work/cache/thumbnails'), { recursive: true }).then(
      (all) => all.filter((name) => name.includes('.')),
      () => [],
    );
  const reason = async (query: string) => JSON.parse(String((await ask(query)).body)).reason;

  beforeEach(async () => {
    root = await temporaryFolder();
    poster = join(root, 'output', FILM, 'poster.jpg');
    await mkdir(dirname(poster), { recursive: true });
    await sharp({ create: { width: 722, height: 406, channels: 3, background: '#c04020' } })
      .jpeg()
      .toFile(poster);
  });

  it.each([
    { more: 'width=320', type: 'image/jpeg', format: 'jpeg', width: 320, height: 180 },
    { more: 'width=96&format=webp', type: 'image/webp', format: 'webp', width: 96, height: 54 },
    { more: 'width=1920&format=jpg', type: 'image/jpeg', format: 'jpeg', width: 722, height: 406 },
  ])('is the poster at $more, never enlarged', async ({ more, type, format, width, height }) => {
    const { status, headers, body } = await ask(of(FILM, more));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': type,
      'cache-control': expect.stringMatching(/^public, max-age=/),
    });
    expect(headers['content-length']).toBe(`${(body as Uint8Array).length}`);
    expect(await sharp(Buffer.from(body as Uint8Array)).metadata()).toMatchObject({ format, width, height });
  });

  it('is made once and kept, as long as the poster is the same', async () => {
    const first = await ask(of(FILM));
    await writeFile(join(root, '.reelmill/work/cache/thumbnails', (await cached())[0] ?? ''), 'as it was kept');
    expect(Buffer.from((await ask(of(FILM))).body as Uint8Array).toString()).toBe('as it was kept');
    await utimes(poster, 1, 1);
    const other = await ask(of(FILM));
    expect(other.headers.etag).not.toBe(first.headers.etag);
    expect(other.body).toEqual(first.body);
    expect(await cached()).toHaveLength(2);
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await ask(of(FILM));
    const etag = String(headers.etag);
    for (const ifNoneMatch of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
      expect(await ask(of(FILM), { ifNoneMatch })).toMatchObject({ status: 304, body: undefined, headers: { etag } });
    }
    expect(await ask(of(FILM), { ifNoneMatch: '"x"' })).toMatchObject({ status: 200 });
    expect(await ask(of(FILM, 'width=480'), { ifNoneMatch: etag })).toMatchObject({ status: 200 });
  });

  it('tells of itself without its bytes', async () => {
    const { status, headers, body } = await ask(of(FILM), { method: 'HEAD' });
    expect({ status, body }).toEqual({ status: 200, body: undefined });
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
  });

  it.each([
    { what: 'a width there is not', query: of(FILM, 'width=321'), says: `there are: ${THUMBNAIL_WIDTHS.join(', ')}` },
    { what: 'a huge width', query: of(FILM, `width=${'9'.repeat(60)}`), says: 'no width' },
    { what: 'a width that is another way to write one', query: of(FILM, 'width=3.2e2'), says: 'no width "3.2e2"' },
    { what: 'a width with a space', query: of(FILM, 'width=+320'), says: 'no width " 320"' },
    { what: 'no width', query: of(FILM, ''), says: 'no width ""' },
    { what: 'a format there is not', query: of(FILM, 'width=320&format=svg'), says: 'there are: jpg, webp' },
    { what: 'two widths', query: of(FILM, 'width=320&width=96'), says: 'width is given twice' },
    { what: 'a parameter there is not', query: of(FILM, 'width=320&height=9'), says: 'no parameter "height"' },
    { what: 'no film', query: 'width=320', says: 'is empty' },
    { what: 'a way out', query: of('../input/preserve', 'width=320'), says: 'leads out of its folder' },
    { what: 'an encoded way out', query: 'of=ladder%2F..%2F..%2Fetc&width=320', says: 'leads out of its folder' },
    { what: 'a way out with backslashes', query: of('ladder\\..\\..\\etc'), says: 'leads out of its folder' },
    { what: 'an absolute path', query: of('/etc'), says: 'is absolute' },
    { what: 'a NUL', query: 'of=ladder%00&width=320', says: 'NUL' },
    { what: 'an empty part', query: of('ladder//film.mov'), says: 'empty part' },
    { what: 'a hidden part', query: of('ladder/.git'), says: 'hidden' },
    { what: 'bytes that are no text', query: 'of=%ff%fe&width=1', says: 'no width' },
    { what: 'a film whose name fits no key', query: of('é'.repeat(510)), says: 'more than 1024 bytes' },
    { what: 'a query without end', query: `of=${'a'.repeat(5_000)}&width=320`, says: 'longer than 4000' },
  ])('refuses $what', async ({ query, says }) => {
    expect(await ask(query)).toMatchObject({ status: 400, headers: { 'content-type': 'application/json' } });
    expect(await reason(query)).toContain(says);
    expect(await cached()).toEqual([]);
  });

  it.each([
    { what: 'of a film that is not there', path: 'ladder/none.mov' },
    { what: 'whose way out is only encoded twice, and so no way out', path: 'ladder/%2e%2e/%2e%2e' },
    { what: 'of a film whose name fits no file system', path: `ladder/${'a'.repeat(300)}` },
  ])('is not found $what', async ({ path }) => {
    const { status, headers } = await ask(of(path));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers['cache-control']).not.toContain('86400');
  });

  it.each([
    {
      what: 'is not a JPEG',
      bytes: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      says: 'not a JPEG',
    },
    { what: 'is cut off', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), says: 'cannot be decoded' },
    { what: 'is empty', bytes: '', says: 'not a JPEG' },
  ])('says so where the poster $what, and keeps nothing', async ({ bytes, says }) => {
    await writeFile(poster, bytes);
    expect(await ask(of(FILM))).toMatchObject({ status: 422, headers: { 'cache-control': 'no-store' } });
    expect(await reason(of(FILM))).toContain(says);
    expect(await cached()).toEqual([]);
  });

  it('is gone with its poster', async () => {
    await ask(of(FILM));
    await rm(poster);
    expect(await ask(of(FILM))).toMatchObject({ status: 404 });
  });

  it('takes no other method', async () => {
    expect(await ask(of(FILM), { method: 'DELETE' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});

it('a thumbnail lies below output/ alone', () => {
  expect(thumbnailRequest('of=a/b&width=96')).toEqual({ posterKey: 'output/a/b/poster.jpg', width: 96, format: 'jpg' });
});
