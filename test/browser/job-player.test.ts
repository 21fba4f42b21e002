import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { Browser, Page } from 'playwright-core';
import type { AnswerOf } from '../../core/api/routes.ts';
import { manifest, rendition } from '../core/report/manifests.ts';
import { barcodedClip, FRAGMENTED } from '../support/barcoded-clip.ts';
import { openBrowser } from '../support/open-browser.ts';
import { FEW, USUAL } from '../support/page-answers.ts';
import { pagesServer } from '../support/pages-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CANNOT = 'This browser cannot play this film. Download a file below';
const done = FEW.find(({ state }) => state === 'done');
const h264 = { codec: 'h264', codecString: 'avc1.640028' } as const;

describe('the result of a job on its page', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof pagesServer>>;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    await execa(process.execPath, ['scripts/build-web.mjs']);
    await Promise.all([
      barcodedClip({ path: `${folder}/ladder.mp4`, clip: 1, frames: 25, flags: FRAGMENTED }),
      barcodedClip({ path: `${folder}/preserve.mp4`, clip: 2, frames: 25, flags: '+faststart' }),
    ]);
    server = await pagesServer(USUAL, {
      '/media/ladder.mp4': `${folder}/ladder.mp4`,
      '/media/preserve.mp4': `${folder}/preserve.mp4`,
      '/media/broken.mp4': 'package.json',
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** The page of a job with these renditions. */
  async function opened(...renditions: readonly Parameters<typeof rendition>[0][]) {
    const uses: unknown[] = [];
    let counted = () => {};
    const isCounted = new Promise<void>((resolve) => {
      counted = resolve;
    });
    server.tell({
      ...USUAL,
      job: () =>
        ({
          ...done,
          settings: {},
          source: 'input/ladder/film.mov',
          files: [],
          manifest: manifest({ renditions: renditions.map((each) => rendition({ ...each })) }),
        }) as AnswerOf<'job'>,
      file: ({ query }) => ({ url: `/media/${query.get('path')}?X-Amz-Signature=abc`, expiresMs: 1e13 }),
      count: ({ body }) => {
        uses.push(body);
        counted();
        return { priority: 1 };
      },
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(`${server.url}/#/jobs/${done?.job}`);
    await page.getByText('Streams of the source').waitFor();
    return { page, uses, isCounted, wrong };
  }

  async function playedThrough(page: Page): Promise<{ readonly rendition: string; readonly seconds: number }> {
    await page.locator('reelmill-player').waitFor();
    return page.evaluate(`new Promise((resolve) => {
      const player = document.querySelector('reelmill-player');
      player.addEventListener('reelmill', ({ detail }) => {
        if (detail.type === 'end') resolve({ rendition: player.rendition, seconds: player.currentTime });
      });
      player.muted = true;
      player.play();
    })`);
  }

  it.each([
    { of: 'ladder', path: 'ladder.mp4' },
    { of: 'a recipe that makes one file for archives', path: 'preserve.mp4' },
  ])('of $of plays in our player, and counts as seen once', async ({ path }) => {
    const hevc = { name: 'uhd', path: 'uhd.mp4', codec: 'hevc', codecString: 'hvc1.2.4.L150.90' } as const;
    const { page, uses, isCounted, wrong } = await opened({ ...h264, name: 'hd', path }, hevc);
    const { rendition: played, seconds } = await playedThrough(page);
    expect(played).toBe('hd');
    expect(seconds).toBeGreaterThan(0.92); // the last frame, of 25, is due within a refresh of the screen
    await isCounted; // its request may still be on its way
    expect(uses).toEqual([expect.objectContaining({ rendition: 'hd', kind: 'view' })]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('is a sentence and its downloads where the browser says that it decodes none of it', async () => {
    const { page } = await opened({ name: 'preserve', path: 'preserve.mp4', codecString: 'hvc1.2.4.L150.90' });
    await page.getByText(CANNOT).waitFor();
    await page.getByRole('button', { name: 'Download preserve.mp4' }).waitFor();
    expect(await page.locator('reelmill-player').count()).toBe(0);
    await page.close();
  });

  it('is the same sentence, in no words of a browser, where the decoder then fails', async () => {
    const { page } = await opened({ ...h264, name: 'broken', path: 'broken.mp4' });
    await page.getByText(CANNOT).waitFor();
    await page.getByRole('button', { name: 'Download broken.mp4' }).waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/DEMUXER|PIPELINE|SourceBuffer|Failed to/);
    await page.close();
  });
});
