import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { barcodedClip, FRAGMENTED } from '../support/barcoded-clip.ts';
import { type PlayerPage, type PlayerPages, playerPages } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const OUTSIDE = 'The film ends at 1.0 s, before 90 s.';
let pages: PlayerPages;
let plain: Buffer;
beforeAll(async () => {
  const folder = await temporaryFolder();
  await Promise.all([
    barcodedClip({ path: join(folder, 'film.mp4'), clip: 1, frames: 25, flags: FRAGMENTED }),
    barcodedClip({ path: join(folder, 'plain.mp4'), clip: 2, frames: 25, flags: '+faststart' }),
  ]);
  plain = await readFile(join(folder, 'plain.mp4'));
  const lists = {
    '/later.json': list({ src: 'film.mp4', in: 90 }, { src: 'plain.mp4' }),
    '/then.json': list({ src: 'film.mp4' }, { src: 'plain.mp4', in: 90 }, { src: 'film.mp4', in: 0.5 }),
    '/alone.json': list({ src: 'film.mp4', in: 90 }),
  };
  pages = await playerPages([folder], lists);
});
afterAll(() => pages?.close());

const list = (...items: readonly unknown[]) => JSON.stringify({ montages: [{ tracks: [{ items }] }], loop: false });
const steps = async (page: PlayerPage) =>
  (await page.events())
    .filter(({ type }) => type === 'skip' || type === 'step')
    .map((event) => (event.type === 'skip' ? event.reason : JSON.stringify(event.to)));
const ended = 'e.type === "end"';

describe('a part that lies behind the end of its film', () => {
  it('is told and passed over where it is the first', async () => {
    const page = await pages.newPage();
    await page.open({ src: '/later.json', autoplay: '' });
    await page.told(ended);
    const [first, ...rest] = await steps(page);
    expect(first).toContain('"item":0');
    expect(rest).toEqual([OUTSIDE, expect.stringContaining('"item":1')]);
    expect(page.errors).toEqual([]);
  });

  it('is told and passed over where it is the next, in a file that the browser plays as it is', async () => {
    const page = await pages.newPage();
    await page.open({ src: '/then.json', autoplay: '' });
    await page.told(ended);
    // told when it is found out, and again when its turn comes
    expect(await steps(page)).toEqual([
      expect.stringContaining('"item":0'),
      OUTSIDE,
      OUTSIDE,
      expect.stringContaining('"item":2'),
    ]);
  });

  it('is an error with that sentence where there is nothing else', async () => {
    const page = await pages.newPage();
    await page.open({ src: '/alone.json', autoplay: '' });
    await page.told('e.type === "error"');
    expect((await page.events()).find(({ type }) => type === 'error')).toMatchObject({ reason: OUTSIDE });
    await page.page.getByText(OUTSIDE).waitFor();
  });
});

describe('a file that is not made for streaming', () => {
  it('is played as it is where a signature is for its address without `frag` alone', async () => {
    const page = await pages.newPage();
    pages.server.answer('/signed.mp4', (request, response) => {
      const isPlain = !request.url?.includes('frag=');
      response.writeHead(isPlain ? 200 : 403, { 'content-type': 'video/mp4' }).end(isPlain ? plain : '');
    });
    await page.open({ src: '/signed.mp4', autoplay: '' });
    await page.told(ended);
    const told = (await page.events()).filter(({ type }) => type === 'fallback').map(({ reason }) => reason);
    expect(told[0]).toBe('The file of this film is not made for streaming. The server is asked for it in parts.');
    expect(told[1]).toContain('The browser plays the file as it is.');
  });

  it('says so in words that need no knowledge of files', async () => {
    const page = await pages.newPage();
    await page.open({ src: '/plain.mp4?X-Amz-Signature=abc', autoplay: '' });
    await page.told(ended);
    expect((await page.events()).filter(({ type }) => type === 'fallback')).toMatchObject([
      { reason: 'The file of this film is not made for streaming. The browser plays the file as it is.' },
    ]);
  });
});
