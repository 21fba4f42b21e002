import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobIdOf } from '../../../core/job/job.ts';
import { localSide } from '../../support/api-sides.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const JOB = jobIdOf({ store: 's', recipe: 'preserve', source: 'a.mov', version: '' });
const MOST = 40;

/** A request as it is, which fetch does not let say what it is. */
function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
    });
    asked.once('error', reject).end(body);
  });
}

describe('the server of pages', () => {
  let side: Awaited<ReturnType<typeof localSide>>;
  let port: number;

  beforeAll(async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'pages', 'assets'), { recursive: true });
    await mkdir(join(root, 'output', 'preserve'), { recursive: true });
    await writeFile(join(root, 'pages', 'index.html'), '<!DOCTYPE html><script src="assets/a.js"></script>');
    await writeFile(join(root, 'pages', 'assets', 'a.js'), 'export {}');
    await writeFile(join(root, 'output', 'preserve', 'it s 1%.mp4'), '0123456789');
    await writeFile(join(root, 'secret'), 'secret');
    side = await localSide(root, MOST);
    port = side.server.port;
  });
  afterAll(() => side.close());

  it('lets in by the token once into a cookie, and leads to the address without it', async () => {
    const { url } = side.server;
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^reelmill-\d+=\d+\.[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    );
    const token = new URL(url).searchParams.get('token') ?? '';
    expect(answer.headers.get('set-cookie')).not.toContain(token);
    const bearer = await ask(port, '/api/session', {
      headers: { host: `localhost:${port}`, authorization: `Bearer ${token}` },
    });
    expect(bearer.status).toBe(200);
  });

  it('answers 404 with the page for an address that is none, so that people read it and programs know it', async () => {
    const { headers } = await fetch(side.server.url, { redirect: 'manual' });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const [page, none, file] = await Promise.all(
      ['/', '/films/old', '/assets/b.js'].map((path) => fetch(new URL(path, side.server.url), { headers: { cookie } })),
    );
    expect([page?.status, none?.status, file?.status]).toEqual([200, 404, 404]);
    expect(await none?.text()).toBe(await page?.text());
    expect(file?.headers.get('content-type')).toContain('json');
  });

  it('lets in by a code for the browser once', async () => {
    const url = side.server.urlForOnce();
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    const again = await fetch(url, { redirect: 'manual' });
    expect(again.status).toBe(401);
    expect(await again.text()).toMatch(/was used already; open the one that the terminal shows/);
  });

  it.each([
    {
      of: 'another name, as of a foreign page by DNS rebinding',
      headers: { host: 'evil.example:80' },
      says: /answers at 127\.0\.0\.1/,
    },
    { of: 'another port', headers: { host: '127.0.0.1:1' }, says: /answers at/ },
    { of: 'a foreign page', headers: { origin: 'http://evil.example' }, says: /page of another site/ },
    { of: 'a page of another port', headers: { origin: 'http://127.0.0.1:1' }, says: /page of another site/ },
    { of: 'a sandboxed page', headers: { origin: 'null' }, says: /page of another site/ },
    { of: 'a form of another site', headers: { 'sec-fetch-site': 'cross-site' }, says: /page of another site/ },
  ])('refuses a request of $of', async ({ headers, says }) => {
    const all = { host: `127.0.0.1:${port}`, cookie: side.cookie, ...headers };
    const { status, text } = await ask(port, `/api/jobs/${JOB}/retry`, { method: 'POST', headers: all });
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ code: 'not-allowed', reason: expect.stringMatching(says) });
  });

  const ours = (more: Record<string, string> = {}) => ({ host: `127.0.0.1:${port}`, cookie: side.cookie, ...more });

  it('gives out pages with a policy that allows nothing inline and nobody else', async () => {
    for (const path of ['/', '/jobs', `/jobs/${JOB}`]) {
      const { status, headers, text } = await ask(port, path, { headers: ours() });
      expect({ status, text }).toEqual({
        status: path === '/' ? 200 : 404,
        text: expect.stringContaining('assets/a.js'),
      });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' });
    }
  });

  it('lets browsers keep assets, and tells them that nothing changed', async () => {
    const first = await ask(port, '/assets/a.js', { headers: ours() });
    expect(first.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const etag = `${first.headers.etag}`;
    expect(await ask(port, '/assets/a.js', { headers: ours({ 'if-none-match': etag }) })).toMatchObject({
      status: 304,
      text: '',
    });
  });

  it.each([
    '/assets/b.js',
    '/../secret',
    '/%2e%2e/secret',
    '/media/secret',
    '/media/output/../secret',
    '/media/output/%2e%2e/secret',
    '/media/output/..%2fsecret',
  ])('has nothing at %s', async (path) => {
    const { status, text } = await ask(port, path, { headers: ours() });
    expect(status).toBeGreaterThanOrEqual(path.startsWith('/media/') ? 400 : 200);
    expect(text).not.toBe('secret');
  });

  it('plays a range of a published film to who came in, and to nobody else', async () => {
    const path = '/media/output/preserve/it%20s%201%25.mp4';
    expect(await ask(port, path, { headers: ours({ range: 'bytes=2-4' }) })).toMatchObject({
      ...{ status: 206, text: '234' },
      headers: { 'content-range': 'bytes 2-4/10', 'content-type': 'video/mp4' },
    });
    expect((await ask(port, path, { headers: { host: `127.0.0.1:${port}` } })).status).toBe(401);
  });

  it.each([
    { of: 'no JSON', body: '{', headers: { 'content-type': 'application/json' }, status: 400, says: /no JSON/ },
    {
      of: 'another type',
      body: '{}',
      headers: { 'content-type': 'text/plain' },
      status: 400,
      says: /application\/json/,
    },
    {
      of: 'too much',
      body: `"${'x'.repeat(3e6)}"`,
      headers: { 'content-type': 'application/json' },
      status: 422,
      says: /more than 2097152 bytes/,
    },
  ])('refuses a body of $of', async ({ body, headers, status, says }) => {
    const answer = await ask(port, '/api/plan', { method: 'POST', headers: ours(headers), body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ reason: expect.stringMatching(says) });
  });

  it('names the methods of a path that is asked in another way', async () => {
    const { status, headers } = await ask(port, '/api/jobs', { method: 'PATCH', headers: ours() });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET' });
  });

  describe('events', () => {
    /** The stream is open when this resolves. */
    const opened = async (headers: Record<string, string> = {}) =>
      events(await fetch(`${side.origin}/api/events`, { headers: { cookie: side.cookie, ...headers } }));
    async function* events(answer: Response) {
      let text = '';
      for await (const chunk of answer.body ?? []) {
        text += Buffer.from(chunk);
        const whole = text.split('\n\n');
        text = whole.pop() ?? '';
        for (const each of whole) if (/^id:/m.test(each)) yield each;
      }
    }
    const publish = (message: string) => side.events.publish({ type: 'warning', job: JOB, message });
    const next = async (stream: AsyncGenerator<string>) => `${(await stream.next()).value}`;

    it('come as they happen, and again from the last that was seen', async () => {
      const stream = await opened();
      publish('one');
      const seen = await next(stream);
      expect(seen).toContain('"message":"one"');
      publish('two');
      publish('three');
      await stream.return(undefined);
      const id = /^id: (\d+)/.exec(seen)?.[1] ?? '';
      const again = await opened({ 'last-event-id': id });
      expect(await next(again)).toContain('"two"');
      expect(await next(again)).toContain('"three"');
      await again.return(undefined);
    });

    it('begin with a reset, where what was missed is forgotten', async () => {
      const stream = await opened({ 'last-event-id': '17' });
      expect(await next(stream)).toMatch(/^id: \d+\nevent: reset\n/);
      await stream.return(undefined);
    });
  });

  it('refuses connections beyond a number with a sentence, and goes on with those that are open', async () => {
    const TOO_MANY = 5;
    const refused: (() => string)[] = [];
    let allRefused = () => {};
    const areRefused = new Promise<void>((resolve) => {
      allRefused = resolve;
    });
    const sockets = await Promise.all(
      Array.from({ length: MOST + TOO_MANY }, async () => {
        const socket = connect(port, '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('error', () => undefined);
        socket.once('close', () => {
          if (refused.push(() => text) === TOO_MANY) allRefused();
        });
        await once(socket, 'connect');
        return { socket, said: () => text };
      }),
    );
    await areRefused;
    for (const said of refused)
      expect(said()).toMatch(
        /^HTTP\/1\.1 503 [\s\S]*connections are open already; close some pages, or try again later/,
      );
    const first = sockets.find(({ socket }) => !socket.closed);
    first?.socket.write(`GET /api/sign-in HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    await new Promise((resolve) => first?.socket.once('data', resolve));
    expect(first?.said()).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of sockets) socket.destroy();
  });

  it('has written no token, cookie or signature into a log', async () => {
    expect(JSON.stringify(side.failures)).not.toMatch(/token|cookie|signature/i);
    expect(await readFile(join(side.root, 'secret'), 'utf8')).toBe('secret');
  });
});
