import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { progressive } from '../fixtures/progressive.ts';
import { SLOW_DOWN } from '../support/faulty-proxy.ts';
import { piecesTogether, planOf } from '../support/fragmented.ts';
import { openStack, type Stack } from '../support/stack.ts';

const FILM = "output/ladder/it's a film & more +1%41 映像.mov/hd.mp4";
const asPath = (key: string) => `/media/${key.split('/').map(encodeURIComponent).join('/')}`;

/** What Lambda's runtime gives a function that streams: status and headers go out with the first chunk, and never without one. */
class ResponseStream extends Writable {
  head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  sent: typeof this.head;
  readonly chunks: Buffer[] = [];
  override write(chunk: unknown, ...more: never[]): boolean {
    this.sent ??= this.head;
    return super.write(chunk, ...more);
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    done();
  }
}

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from: (stream: ResponseStream, head: NonNullable<ResponseStream['head']>) => Object.assign(stream, { head }),
    },
  },
});

describe('the address of media', () => {
  let stack: Stack;
  let handler: (event: unknown, stream: ResponseStream, context: object) => Promise<void>;
  let recorded: string;
  let source: Buffer;
  let whole: Buffer;

  beforeAll(async () => {
    stack = await openStack();
    handler = (await import('../../functions/media.ts')).handler as never;
    recorded = await readFile('test/fixtures/events/function-url.json', 'utf8');
    source = await readFile(await progressive('b.mp4'));
    whole = piecesTogether(source, planOf(source));
    await put(FILM, source);
    await put('input/preserve/source.mp4', source);
  });
  beforeEach(() => stack.faults.s3.setFault(() => undefined));
  afterAll(() => stack.close());

  const put = (Key: string, Body: Uint8Array) => stack.s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body }));

  async function ask(rawPath: string, rawQueryString = 'frag=1', { method = 'GET', headers = {} } = {}) {
    const event = JSON.parse(recorded);
    event.requestContext.http.method = method;
    const stream = new ResponseStream();
    await handler({ ...event, rawPath, rawQueryString, headers: { ...event.headers, ...headers } }, stream, {});
    return { ...stream.sent, body: Buffer.concat(stream.chunks) };
  }

  it('streams a film in fragments, whole and in ranges', async () => {
    const answer = await ask(asPath(FILM), 'version=1&frag=1&X-Amz-Signature=abc');
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'video/mp4', 'x-reelmill-fragments': 'made' },
    });
    expect(answer.body.equals(whole)).toBe(true);
    const part = await ask(asPath(FILM), 'frag=1', { headers: { range: 'bytes=30000-49999' } });
    expect(part).toMatchObject({ statusCode: 206, headers: { 'content-range': `bytes 30000-49999/${whole.length}` } });
    expect(part.body.equals(whole.subarray(30_000, 50_000))).toBe(true);
  });

  it('streams a file as it lies there', async () => {
    expect((await ask(asPath(FILM), '')).body.equals(source)).toBe(true);
  });

  it('sends status and headers of an answer without a body, too', async () => {
    const { headers } = await ask(asPath(FILM), 'frag=1', { method: 'HEAD' });
    expect(headers).toMatchObject({ 'content-length': `${whole.length}` });
    const same = await ask(asPath(FILM), 'frag=1', { headers: { 'if-none-match': headers?.etag ?? '' } });
    expect([same.statusCode, same.body.length]).toEqual([304, 0]);
    const beyond = await ask(asPath(FILM), 'frag=1', { headers: { range: 'bytes=9999999-' } });
    expect(beyond).toMatchObject({ statusCode: 416, headers: { 'content-range': `bytes */${whole.length}` } });
  });

  it.each([
    { what: 'a source', path: asPath('input/preserve/source.mp4'), status: 404 },
    { what: 'what is not there', path: asPath('output/none.mp4'), status: 404 },
    { what: 'a way out', path: '/media/output/..%2Finput%2Fpreserve%2Fsource.mp4', status: 400 },
    { what: 'another address', path: '/thumbnail', status: 400 },
  ])('refuses $what with one sentence', async ({ path, status }) => {
    const answer = await ask(path);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body.toString()).reason).toMatch(/\w/);
  });

  it('says that it is busy where S3 is', async () => {
    stack.faults.s3.setFault(() => SLOW_DOWN);
    expect(await ask(asPath(FILM))).toMatchObject({ statusCode: 503, headers: { 'cache-control': 'no-store' } });
  });

  it('throws for what is no request, so that an alarm goes off', async () => {
    await expect(handler({ Records: [] }, new ResponseStream(), {})).rejects.toThrow();
  });
});
