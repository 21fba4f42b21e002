import { readFile } from 'node:fs/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { THUMBNAIL_WIDTHS } from '../../core/thumbnails/thumbnail-request.ts';
import { type UrlAnswer, urlAnswer } from '../../functions/function-url.ts';
import { SLOW_DOWN } from '../support/faulty-proxy.ts';
import { openStack, type Stack } from '../support/stack.ts';

const FILM = "ladder/2019/it's a film & more +1%41 映像.mov";
const of = (path: string, more = 'width=320') => `of=${encodeURIComponent(path)}&${more}`;

describe('the address of thumbnails', () => {
  let stack: Stack;
  let handler: typeof import('../../functions/thumbnail.ts').handler;
  let recorded: string;
  const Bucket = 'media';

  beforeAll(async () => {
    stack = await openStack();
    ({ handler } = await import('../../functions/thumbnail.ts'));
    recorded = await readFile('test/fixtures/events/function-url.json', 'utf8');
    const create = { width: 722, height: 406, channels: 3, background: '#c04020' } as const;
    await put(`output/${FILM}/poster.jpg`, await sharp({ create }).jpeg().toBuffer());
  });
  beforeEach(() => stack.faults.s3.setFault(() => undefined));
  afterAll(() => stack.close());

  const put = (Key: string, Body: Uint8Array | string) => stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  async function ask(rawQueryString: string, { method = 'GET', rawPath = '/thumbnail', headers = {} } = {}) {
    const event = JSON.parse(recorded);
    event.requestContext.http.method = method;
    const asked = { ...event, rawPath, rawQueryString, headers: { ...event.headers, ...headers } };
    return (await handler(asked, {} as never)) as UrlAnswer;
  }

  const bytesOf = ({ body = '', isBase64Encoded }: UrlAnswer) => {
    expect(isBase64Encoded).toBe(true);
    return Buffer.from(body, 'base64');
  };

  async function kept() {
    const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'cache/' }));
    return Contents.map(({ Key = '' }) => Key);
  }

  it.each([
    { more: 'width=320', type: 'image/jpeg', format: 'jpeg', width: 320, height: 180 },
    { more: 'width=96&format=webp', type: 'image/webp', format: 'webp', width: 96, height: 54 },
    { more: 'width=1920&format=jpg', type: 'image/jpeg', format: 'jpeg', width: 722, height: 406 },
  ])('gives the poster at $more, to be kept by whoever asked', async ({ more, type, format, width, height }) => {
    const answer = await ask(of(FILM, more));
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': type,
        'cache-control': expect.stringMatching(/^public, max-age=/),
        'x-content-type-options': 'nosniff',
      },
    });
    expect(await sharp(bytesOf(answer)).metadata()).toMatchObject({ format, width, height });
  });

  it('keeps what it made, and gives that the second time', async () => {
    const before = new Set(await kept());
    await ask(of(FILM, 'width=640'));
    const [key = '', ...more] = (await kept()).filter((each) => !before.has(each));
    expect([key, more]).toEqual([expect.stringMatching(/^cache\/thumbnails\/[0-9a-f]{2}\/[0-9a-f]{64}-640\.jpg$/), []]);
    const { ContentType } = await stack.s3.send(new GetObjectCommand({ Bucket, Key: key }));
    expect(ContentType).toBe('image/jpeg');
    await put(key, 'as it was kept');
    expect(bytesOf(await ask(of(FILM, 'width=640'))).toString()).toBe('as it was kept');
  });

  it('does not send it again to whoever has it', async () => {
    const { etag = '' } = (await ask(of(FILM))).headers;
    expect(await ask(of(FILM), { headers: { 'if-none-match': etag } })).toEqual({
      statusCode: 304,
      headers: expect.objectContaining({ etag }),
      isBase64Encoded: false,
    });
    expect(await ask(of(FILM), { headers: { 'if-none-match': '"other"' } })).toMatchObject({ statusCode: 200 });
  });

  it('tells of it without its bytes', async () => {
    const answer = await ask(of(FILM), { method: 'HEAD' });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(answer.body).toBeUndefined();
  });

  it.each([
    { what: 'a size there is not', query: of(FILM, 'width=321'), status: 400, says: THUMBNAIL_WIDTHS.join(', ') },
    { what: 'a format there is not', query: of(FILM, 'width=320&format=svg'), status: 400, says: 'jpg, webp' },
    { what: 'no size', query: of(FILM, ''), status: 400, says: 'no width' },
    { what: 'nothing', query: '', status: 400, says: 'no width' },
    { what: 'a film that is not there', query: of('ladder/none.mov'), status: 404, says: 'there is no output/ladder' },
    { what: 'a way out', query: of('../input/preserve'), status: 400, says: 'leads out of its folder' },
    { what: 'an encoded way out', query: 'of=ladder%2F..%2F..%2Finput&width=320', status: 400, says: 'leads out' },
    { what: 'an absolute path', query: of('/etc'), status: 400, says: 'is absolute' },
    { what: 'a NUL', query: 'of=ladder%00&width=320', status: 400, says: 'NUL' },
    { what: 'a name that is no key', query: of('é'.repeat(510)), status: 400, says: 'more than 1024 bytes' },
    { what: 'another path', query: of(FILM), rawPath: '/', status: 404, says: 'there is only /thumbnail' },
    { what: 'another method', query: of(FILM), method: 'POST', status: 405, says: 'GET and HEAD' },
  ])('refuses $what with one sentence, and keeps nothing', async ({ query, status, says, ...how }) => {
    const before = await kept();
    const { statusCode, body = '', isBase64Encoded } = await ask(query, how);
    expect({ statusCode, isBase64Encoded }).toEqual({ statusCode: status, isBase64Encoded: false });
    expect(JSON.parse(body).reason).toContain(says);
    expect(await kept()).toEqual(before);
  });

  it('refuses what is no JPEG whatever its name says, and keeps nothing', async () => {
    await put('output/ladder/drawn.mov/poster.jpg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const before = await kept();
    expect(await ask(of('ladder/drawn.mov'))).toMatchObject({
      statusCode: 422,
      headers: { 'cache-control': 'no-store' },
    });
    expect(await kept()).toEqual(before);
  });

  it('says that it is busy where S3 is, and lets nobody keep that', async () => {
    stack.faults.s3.setFault(() => SLOW_DOWN);
    expect(await ask(of(FILM))).toMatchObject({ statusCode: 503, headers: { 'cache-control': 'no-store' } });
  });

  it('throws for what is no request, so that an alarm goes off', async () => {
    await expect(handler({ Records: [] }, {} as never)).rejects.toThrow();
  });
});

it('an answer that Lambda could not carry is refused with one sentence', () => {
  const answer = (bytes: number) => urlAnswer({ status: 200, headers: {}, body: new Uint8Array(bytes) });
  expect(answer(4_400_000).statusCode).toBe(200);
  expect(JSON.stringify(answer(4_400_000)).length).toBeLessThan(6 * 2 ** 20);
  expect(answer(4_400_001)).toMatchObject({ statusCode: 413, isBase64Encoded: false });
});
