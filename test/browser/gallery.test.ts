import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { makeGallery } from '../../app/serve/make-gallery.ts';
import { localGalleryPorts } from '../../runtime/local-gallery.ts';
import { writeResults } from '../fixtures/results.ts';
import { openBrowser } from '../support/open-browser.ts';
import { untilTrue } from '../support/player-page.ts';
import { rangeServer } from '../support/range-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a gallery in a browser', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof rangeServer>>;
  let to: string;
  const wrong: string[] = [];

  beforeAll(async () => {
    const [from, parent] = [await temporaryFolder(), await temporaryFolder()];
    to = join(parent, 'www');
    await writeResults(from);
    const ports = { ...(await localGalleryPorts(from, to)), tell: () => {} };
    await makeGallery({ title: 'Films', recipes: [], signal: new AbortController().signal }, ports);
    server = await rangeServer(to);
    browser = await openBrowser('--autoplay-policy=no-user-gesture-required', '--mute-audio');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const addressOf = (where: string, page: string) =>
    where === 'a folder' ? pathToFileURL(join(to, page)).href : `${server.url}/${page}`;

  async function opened(address: string, width = 1200): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    page.on('console', (message) => {
      const { url } = message.location();
      // a browser asks every server for this picture by itself
      if (message.type() === 'error' && !url.endsWith('/favicon.ico')) wrong.push(`${message.text()} ${url}`);
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(address);
    return page;
  }

  it('leads through a film under the pointer, and by the arrow keys; its link then begins there', async () => {
    const page = await opened(addressOf('a folder', 'index.html'));
    const link = page.locator('a[data-sprite]');
    const box = await link.locator('.poster').boundingBox();
    if (!box) throw new Error('no poster');
    await page.mouse.move(box.x + box.width * 0.75, box.y + 20);
    expect(await link.getAttribute('href')).toMatch(/\.html#t=1$/);
    expect(await link.locator('.time').textContent()).toBe('0:01 / 0:02');
    expect(await link.locator('.tile').isVisible()).toBe(true);
    await page.mouse.move(0, 0);
    expect(await link.getAttribute('href')).toMatch(/\.html$/);
    await link.focus();
    await page.keyboard.press('End');
    expect(await link.getAttribute('href')).toMatch(/#t=1$/);
    await page.keyboard.press('ArrowLeft');
    expect(await link.getAttribute('href')).toMatch(/#t=0$/);
    await page.keyboard.press('Escape');
    expect(await link.locator('.tile').isVisible()).toBe(false);
    await page.close();
  });

  it.each(['a folder', 'a server'])('plays a film from where its picture was left, from %s', async (where) => {
    const page = await opened(addressOf(where, 'index.html'));
    await page.locator('a[data-sprite]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#t=1$/);
    await untilTrue(page, "document.querySelector('reelmill-player > video')?.currentTime >= 1");
    const end = await page.evaluate(`(async () => {
      const video = document.querySelector('reelmill-player > video');
      const ended = new Promise((resolve) => video.addEventListener('ended', resolve));
      await video.play();
      await ended;
      return video.currentTime;
    })()`);
    expect(end).toBeCloseTo(2, 1);
    await page.close();
  });

  it.each([360, 1200])('fits into a window of %i pixels', async (width) => {
    const page = await opened(addressOf('a folder', 'index.html'), width);
    for (const link of [undefined, 'a[data-sprite]']) {
      if (link) await Promise.all([page.waitForURL(/\/(?!index)[^/]+\.html/), page.click(link)]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    await page.close();
  });

  it('offends no policy and has no error', () => expect(wrong).toEqual([]));
});
