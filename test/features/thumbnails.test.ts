import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import sharp from 'sharp';
import { reelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The status of an answer to exactly these words: fetch would tidy them. */
const statusOf = (port: string, path: string, host = `127.0.0.1:${port}`) =>
  new Promise<number | undefined>((done, fail) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    })
      .on('error', fail)
      .end();
  });

it('the command serves thumbnails of a folder to this machine, and ends when told to', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'output/ladder/film.mov');
  await mkdir(folder, { recursive: true });
  const create = { width: 400, height: 300, channels: 3, background: '#204060' } as const;
  await sharp({ create }).jpeg().toFile(join(folder, 'poster.jpg'));
  const program = startReelmill(['thumbnails', root, '--port', '0']);
  const { url } = JSON.parse(await program.line());
  const { port } = new URL(url);

  const answer = await fetch(`${url}?of=ladder/film.mov&width=160&format=webp`);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ format: 'webp', width: 160 });
  const headers = { 'if-none-match': String(answer.headers.get('etag')) };
  expect((await fetch(`${url}?of=ladder/film.mov&width=160&format=webp`, { headers })).status).toBe(304);

  expect(await statusOf(port, '/thumbnail?of=../../etc&width=160')).toBe(400);
  expect(await statusOf(port, '/../output/ladder/film.mov/poster.jpg')).toBe(404);
  expect(await statusOf(port, '/thumbnail?of=ladder/film.mov&width=160', 'elsewhere.example')).toBe(403);
  const taken = await reelmill(['thumbnails', root, '--port', port]);
  expect(taken).toMatchObject({ code: 73 });

  program.child.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
});

it('the command refuses a port that is none', async () => {
  expect(await reelmill(['thumbnails', '.', '--port', '99999'])).toMatchObject({ code: 64 });
});
