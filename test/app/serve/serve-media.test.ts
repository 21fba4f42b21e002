import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { serveMedia, WITHOUT_LIMITS } from '../../../app/serve/serve-media.ts';
import type { MediaAnswer } from '../../../core/ports/media-http.ts';
import { localMediaPorts } from '../../../runtime/local-media.ts';
import { progressive } from '../../fixtures/progressive.ts';
import { piecesTogether, planOf } from '../../support/fragmented.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILM = "output/ladder/it's a film & more +1%41 映像.mov/hd.mp4";
const BYTES = Buffer.from(Array.from({ length: 1000 }, (_, i) => i & 255));

const asPath = (key: string) => key.split('/').map(encodeURIComponent).join('/');

describe('a file on request', () => {
  let root: string;
  let source: Buffer;
  let whole: Buffer;
  let told: string[];

  beforeAll(async () => {
    root = await temporaryFolder();
    for (const [key, from] of [
      [FILM, await progressive('b.mp4')],
      ['camera.mov', await progressive('camera.mov')],
      ['sound.m4a', await progressive('sound.m4a')],
    ] as const) {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await copyFile(from, join(root, key));
    }
    source = await readFile(join(root, FILM));
    whole = piecesTogether(source, planOf(source));
    await writeFile(join(root, 'bytes.bin'), BYTES);
    await writeFile(join(root, 'empty.bin'), '');
    await writeFile(join(root, 'fragments.mp4'), whole);
    await writeFile(join(root, 'text.mp4'), 'not a film at all, but a text of some length');
    await writeFile(join(root, 'cut.mp4'), source.subarray(0, source.length - 200));
    await mkdir(join(root, '.reelmill/work'), { recursive: true });
    await writeFile(join(root, '.reelmill/work/secret.json'), '{}');
    told = [];
  });

  type How = { method?: string; headers?: Record<string, string>; limits?: { rangeBytes: number; wholeBytes: number } };
  async function ask(path: string, query = '', { method = 'GET', headers = {}, limits = WITHOUT_LIMITS }: How = {}) {
    const ports = { ...localMediaPorts(root, (sentence) => told.push(sentence)), limits };
    const answer = await serveMedia({ method, path, query, headers, signal: new AbortController().signal }, ports);
    const body = await bodyOf(answer);
    await answer.release();
    return { status: answer.status, headers: answer.headers, body };
  }

  async function bodyOf({ body }: MediaAnswer): Promise<Buffer> {
    if (body === undefined || body instanceof Uint8Array) return Buffer.from(body ?? []);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  it.each([
    { range: undefined, status: 200, from: 0, to: 1000 },
    { range: 'bytes=0-', status: 206, from: 0, to: 1000 },
    { range: 'bytes=0-0', status: 206, from: 0, to: 1 },
    { range: 'bytes=100-199', status: 206, from: 100, to: 200 },
    { range: 'bytes=999-', status: 206, from: 999, to: 1000 },
    { range: 'bytes=900-5000', status: 206, from: 900, to: 1000 },
    { range: 'bytes=-10', status: 206, from: 990, to: 1000 },
    { range: 'bytes=-5000', status: 206, from: 0, to: 1000 },
    { range: 'Bytes = 5-9', status: 206, from: 5, to: 10 },
    { range: 'bytes=0-9,10-19', status: 206, from: 0, to: 20 },
    { range: 'bytes=0-9,500-599', status: 200, from: 0, to: 1000 },
    { range: 'bytes=0-9,2000-', status: 206, from: 0, to: 10 },
    { range: 'bytes=9-5', status: 200, from: 0, to: 1000 },
    { range: 'bytes=a-b', status: 200, from: 0, to: 1000 },
    { range: 'bytes=-', status: 200, from: 0, to: 1000 },
    { range: 'frames=0-9', status: 200, from: 0, to: 1000 },
    { range: `bytes=${Array(400).fill('0-1').join()}`, status: 200, from: 0, to: 1000 },
  ])('answers $range with $status and bytes $from to $to', async ({ range, status, from, to }) => {
    const answer = await ask('bytes.bin', '', { headers: range ? { range } : {} });
    expect(answer.status).toBe(status);
    expect(answer.body.equals(BYTES.subarray(from, to))).toBe(true);
    expect(answer.headers).toMatchObject({ 'content-length': `${to - from}`, 'accept-ranges': 'bytes' });
    expect(answer.headers['content-range']).toBe(status === 206 ? `bytes ${from}-${to - 1}/1000` : undefined);
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0', `bytes=${'9'.repeat(30)}-`])(
    'refuses %s with 416 and the size',
    async (range) => {
      const answer = await ask('bytes.bin', '', { headers: { range } });
      expect(answer).toMatchObject({
        status: 416,
        headers: { 'content-range': 'bytes */1000', 'content-length': '0' },
      });
      expect(answer.body).toHaveLength(0);
    },
  );

  it('answers an empty file', async () => {
    expect(await ask('empty.bin')).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
    expect(await ask('empty.bin', '', { headers: { range: 'bytes=0-' } })).toMatchObject({ status: 416 });
  });

  it.each(['', 'frag=1'])('answers HEAD like GET, without bytes and without ranges, at ?%s', async (query) => {
    const [head, get] = [await ask(asPath(FILM), query, { method: 'HEAD' }), await ask(asPath(FILM), query)];
    expect(head.headers).toEqual(get.headers);
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(await ask('bytes.bin', '', { method: 'HEAD', headers: { range: 'bytes=0-1' } })).toMatchObject({
      status: 200,
    });
  });

  it('honours conditions: what is there already, what must be there, and which version a range is of', async () => {
    const { etag = '' } = (await ask('bytes.bin')).headers;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const status = async (headers: Record<string, string>) => (await ask('bytes.bin', '', { headers })).status;
    expect(await status({ 'if-none-match': `"x", W/${etag}` })).toBe(304);
    expect(await status({ 'if-none-match': '*' })).toBe(304);
    expect(await status({ 'if-none-match': '"x"' })).toBe(200);
    expect(await status({ 'if-match': etag })).toBe(200);
    expect(await status({ 'if-match': '"x"' })).toBe(412);
    expect(await status({ 'if-match': `W/${etag}` })).toBe(412);
    expect(await status({ range: 'bytes=0-1', 'if-range': etag })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': '"x"' })).toBe(200);
    expect(await status({ range: 'bytes=0-1', 'if-range': 'Sat, 28 Nov 2026 00:00:00 GMT' })).toBe(200);
  });

  it('serves a film in fragments: the plan, byte for byte, whole and in ranges', async () => {
    const answer = await ask(asPath(FILM), 'frag=1');
    expect(answer.body.equals(whole)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': `${whole.length}`,
      'x-reelmill-fragments': 'made',
    });
    for (const [start, end] of [[0, 10], [1000, 40_000], [whole.length - 7, whole.length]] as const) // biome-ignore format: a table
      expect(
        (await ask(asPath(FILM), 'frag=1', { headers: { range: `bytes=${start}-${end - 1}` } })).body.equals(
          whole.subarray(start, end),
        ),
      ).toBe(true);
  });

  it('gives the same version another tag in each form', async () => {
    const queries = ['', 'frag=1', 'frag=1&tracks=1', 'frag=1&tracks=2'];
    const tags = await Promise.all(queries.map(async (query) => (await ask(asPath(FILM), query)).headers.etag));
    expect(new Set(tags).size).toBe(4);
    expect((await ask(asPath(FILM), 'tracks=2,1&frag=1')).headers.etag).toBe(
      (await ask(asPath(FILM), 'frag=1&tracks=1,2')).headers.etag,
    );
  });

  it.each(['version=1&frag=1', 'frag=1&signature=abc&token=x', 'a=1&a=2&frag=1', 'version=20251228&frag=1'])(
    'is not disturbed by what else the address says: %s',
    async (query) => {
      expect((await ask(asPath(FILM), query)).body.equals(whole)).toBe(true);
    },
  );

  it('pins the version that is named, and finds no other', async () => {
    const version = (await ask(asPath(FILM))).headers.etag?.replaceAll('"', '') ?? '';
    const pinned = await ask(asPath(FILM), `version=${version}&frag=1`);
    expect(pinned.body.equals(whole)).toBe(true);
    expect(pinned.headers['cache-control']).toContain('immutable');
    const other = await ask(asPath(FILM), 'version=3sL4kqtJlcpXroDTDmJrmSpXd3dIbrHY&frag=1');
    expect(other.status).toBe(404);
    expect(JSON.parse(other.body.toString()).reason).toContain('of version "3sL4');
  });

  it('serves what is fragmented already untouched', async () => {
    const answer = await ask('fragments.mp4', 'frag=1');
    expect(answer.body.equals(whole)).toBe(true);
    expect(answer.headers).toMatchObject({ 'x-reelmill-fragments': 'its-own' });
  });

  it.each([
    { key: 'text.mp4', says: 'it is no MP4' },
    { key: 'cut.mp4', says: 'its movie box (moov) reaches to byte' },
    { key: 'empty.bin', says: 'it has no movie box (moov)' },
  ])('serves $key as it is, and a header says why', async ({ key, says }) => {
    const answer = await ask(key, 'frag=1');
    expect(answer.body.equals(await readFile(join(root, key)))).toBe(true);
    expect(answer.headers['x-reelmill-not-fragmented']).toContain(says);
    expect(answer.headers['x-reelmill-fragments']).toBeUndefined();
  });

  it('names a download by its file, and a fragmented MOV an MP4', async () => {
    expect((await ask(asPath(FILM), 'download=1')).headers['content-disposition']).toBe(
      `attachment; filename="hd.mp4"; filename*=UTF-8''hd.mp4`,
    );
    expect((await ask('camera.mov', 'download=1&frag=1')).headers['content-disposition']).toContain('"camera.mp4"');
    expect((await ask('camera.mov', 'download=1')).headers['content-disposition']).toContain('"camera.mov"');
    expect((await ask('camera.mov')).headers['content-disposition']).toBeUndefined();
  });

  it('says what is left out, and what kind a sound alone is', async () => {
    expect((await ask('camera.mov', 'frag=1')).headers).toMatchObject({
      'x-reelmill-left-out': 'track 3 (tmcd) is no picture and no sound',
    });
    expect((await ask('sound.m4a', 'frag=1')).headers).toMatchObject({ 'content-type': 'audio/mp4' });
  });

  it('cuts an answer that would be too long at a fragment, and the client asks on', async () => {
    const limits = { rangeBytes: 20_000, wholeBytes: 30_000 };
    const parts: Buffer[] = [];
    for (let at = 0; at < whole.length; ) {
      const answer = await ask(asPath(FILM), 'frag=1', { limits, headers: { range: `bytes=${at}-` } });
      expect(answer.status).toBe(206);
      const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers['content-range'] ?? '') ?? [];
      expect([Number(start), Number(total)]).toEqual([at, whole.length]);
      at = Number(end) + 1;
      if (at < whole.length) expect(whole.toString('latin1', at + 4, at + 8)).toBe('moof');
      parts.push(answer.body);
    }
    expect(parts.length).toBeGreaterThan(2);
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    const refused = await ask(asPath(FILM), 'frag=1', { limits });
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.body.toString()).reason).toContain('Range: bytes=0-');
  });

  it.each([
    { path: 'none.mp4', query: '', status: 404, says: 'there is no "none.mp4"' },
    { path: 'output', query: '', status: 404, says: 'there is no "output"' },
    { path: '.reelmill/work/secret.json', query: '', status: 404, says: 'there is no' },
    { path: 'output/../.reelmill/work/secret.json', query: '', status: 400, says: 'leads out of its folder' },
    { path: '%2e%2e/etc/passwd', query: '', status: 400, says: 'leads out of its folder' },
    { path: '/etc/passwd', query: '', status: 400, says: 'is absolute' },
    { path: '', query: '', status: 400, says: 'is empty' },
    { path: 'a%00.mp4', query: '', status: 400, says: 'NUL' },
    { path: 'a%ff.mp4', query: '', status: 400, says: 'not valid percent-encoding' },
    { path: 'bytes.bin', query: 'frag=yes', status: 400, says: 'it is 1 or 0' },
    { path: 'bytes.bin', query: 'frag=1&tracks=1,x', status: 400, says: 'tracks=1,2' },
    { path: 'bytes.bin', query: `version=${'9'.repeat(4100)}`, status: 400, says: 'longer than 4000' },
  ])('refuses $path?$query with $status and one sentence', async ({ path, query, status, says }) => {
    const answer = await ask(path, query);
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body.toString()).reason).toContain(says);
  });

  it('takes no other method', async () => {
    expect(await ask('bytes.bin', '', { method: 'PUT' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it('lets no page among the results run with the rights of the site', async () => {
    expect((await ask('bytes.bin')).headers).toMatchObject({
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    });
  });

  it('has nothing to report of all this', () => expect(told).toEqual([]));
});
