import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HeldFfmpeg, heldFfmpeg } from '../../support/held-ffmpeg.ts';
import { reelmill, startReelmill } from '../../support/reelmill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('reelmill serve', () => {
  let root: string;
  let started: ReturnType<typeof startReelmill>;
  let origin: string;
  let cookie: string;
  let held: HeldFfmpeg;
  let ending: Awaited<(typeof started)['ended']>;

  beforeAll(async () => {
    root = join(await temporaryFolder(), 'a new folder');
    held = await heldFfmpeg('*slow.mp4*libx265*');
    started = startReelmill(['serve', root, '--port', '0', '--no-open', '--json'], held);
    const { type, url } = JSON.parse(await started.line());
    expect(type).toBe('serving');
    origin = new URL(url).origin;
    cookie = ((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  });
  afterAll(async () => {
    started.child.kill('SIGKILL');
    await started.ended;
  });

  async function api(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${origin}/api${path}`, {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return JSON.parse((await answer.text()) || '{}');
  }

  async function upload(path: string, file: Buffer, settings: object) {
    const begun = await api('POST', '/uploads', { recipe: 'preserve', path, bytes: file.length, settings });
    const parts = [{ number: 1, checksum: createHash('sha256').update(file).digest('base64') }];
    const { urls } = await api('POST', `/uploads/${begun.upload}/urls`, { parts });
    await fetch(origin + urls[0].url, { method: 'PUT', body: new Uint8Array(file) });
    return api('POST', `/uploads/${begun.upload}/complete`, { parts });
  }

  /** Resolves with the first event that fits. */
  async function eventOf(fits: (event: { type: string; code?: string }) => boolean, then: () => Promise<unknown>) {
    const answer = await fetch(`${origin}/api/events`, { headers: { cookie } });
    await then();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk);
      const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json));
      const found = events.find(fits);
      if (found) return found;
    }
    throw new Error('the stream ended');
  }

  it('makes the folder, takes an upload as a drop, tells of the work, and gives out what came of it', async () => {
    expect((await stat(join(root, 'input'))).isDirectory()).toBe(true);
    const film = await readFile('demo/clips/dog-320x180.mp4');
    const done = await eventOf(
      ({ type }) => type === 'job.done' || type === 'job.failed',
      () => upload('a/film.mp4', film, { preset: 'ultrafast', evenIfLarger: true }),
    );
    expect(done).toMatchObject({ type: 'job.done', status: 'done' });
    const { jobs, totals } = await api('GET', '/jobs');
    expect(jobs).toMatchObject([{ name: 'a/film.mp4', state: 'done', figures: { bytesBefore: film.length } }]);
    expect(totals).toMatchObject({ jobs: 1, bytesBefore: film.length });
    const { manifest } = await api('GET', `/jobs/${jobs[0].job}`);
    const { url } = await api('GET', `/jobs/${jobs[0].job}/file?as=url&path=${manifest.renditions[0].path}`);
    const bytes = Buffer.from(await (await fetch(origin + url, { headers: { cookie } })).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest.renditions[0].sha256);
  });

  it('lists drops of which no job can be made, with the reason, until they are taken or only others are asked for', async () => {
    await eventOf(
      ({ type, code }) => type === 'job.failed' && code === 'usage',
      async () => {
        await mkdir(join(root, 'input', 'sharper', 'b'), { recursive: true });
        await copyFile('demo/clips/dog-320x180.mp4', join(root, 'input', 'sharper', 'b', 'film.mp4'));
      },
    );
    const { refused, jobs } = await api('GET', '/jobs');
    const drop = { recipe: 'sharper', name: 'b/film.mp4', code: 'usage', atMs: expect.any(Number) };
    expect(refused).toMatchObject([{ ...drop, reason: expect.stringContaining('no recipe') }]);
    expect(jobs.map(({ name }: { name: string }) => name)).toEqual(['a/film.mp4']);
    expect((await api('GET', '/jobs?state=failed&text=B/FILM')).refused).toHaveLength(1);
    expect((await api('GET', '/jobs?text=else')).refused).toEqual([]);
    expect((await api('GET', '/jobs?state=done')).refused).toBeUndefined();
    await rm(join(root, 'input', 'sharper'), { recursive: true });
    await rm(join(root, 'failed', 'sharper'), { recursive: true });
  });

  it('cancels the job that runs, and says so when it is asked again', async () => {
    const film = await readFile('demo/clips/dog-320x180.mp4');
    const slow = { preset: 'ultrafast', crf: 24, evenIfLarger: true };
    let running = '';
    await eventOf(
      ({ type }) => type === 'job.queued',
      async () => {
        await upload('slow.mp4', film, slow);
      },
    ).then(({ job }) => {
      running = job;
    });
    await held.waits();
    const failed = await eventOf(
      ({ type }) => type === 'job.failed' || type === 'job.done',
      () => api('POST', `/jobs/${running}/cancel`),
    );
    expect(failed).toMatchObject({ type: 'job.failed', job: running, code: 'cancelled' });
    expect(await api('GET', `/jobs/${running}`)).toMatchObject({ state: 'failed', failure: { code: 'cancelled' } });
    expect(await api('POST', `/jobs/${running}/cancel`)).toMatchObject({ code: 'usage' });
  });

  it('says in a sentence that the port is taken, and which ports there are', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const folder = await temporaryFolder();
    const taken = await reelmill(['serve', folder, '--port', `${port}`, '--no-open']);
    expect(taken.code).toBe(73);
    expect(taken.stderr).toContain(
      `cannot listen on port ${port}: another program uses it; give another one with --port, or 0 for any`,
    );
    other.close();
    expect((await reelmill(['serve', folder, '--port', '70000'])).code).toBe(64);
  });

  it('ends at SIGINT with 130, though a page still listens', async () => {
    const listening = await fetch(`${origin}/api/events`, { headers: { cookie } });
    started.child.kill('SIGINT');
    ending = await started.ended;
    expect(ending.code).toBe(130);
    await listening.body?.cancel().catch(() => undefined);
    expect(ending.stderr).not.toMatch(/at .*\.js:\d+/);
    expect(ending.stderr).not.toContain(cookie);
    await rm(root, { recursive: true });
    await mkdir(root);
  });
});
