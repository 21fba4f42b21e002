import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { makeClip } from '../fixtures/make.ts';
import { openBrowser } from '../support/open-browser.ts';
import { dropFiles } from '../support/page-drop.ts';
import { servedFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Three parts of at most 8 MiB: uncompressed pictures. */
const film = () =>
  makeClip({
    file: 'first film.mov',
    args: [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=640x360:rate=25:duration=1.6',
      '-c:v',
      'rawvideo',
      '-pix_fmt',
      'uyvy422',
    ],
  });

describe('a new person, who has the address that reelmill serve shows', () => {
  let served: Awaited<ReturnType<typeof servedFolder>>;
  let browser: Browser;
  let context: BrowserContext;
  let path: string;
  const wrong: string[] = [];

  beforeAll(async () => {
    [served, path] = await Promise.all([servedFolder(await temporaryFolder()), film()]);
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(0); // jest ends a test that waits in vain
    context.on('weberror', (error) => wrong.push(error.error().message));
    context.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('drops a film, reloads in the middle of it and of the work, and plays what became of it', async () => {
    const page = await context.newPage();
    const sent: string[] = [];
    let isHeld = true;
    let held: () => void = () => undefined;
    const thirdIsHeld = new Promise<void>((resolve) => {
      held = resolve;
    });
    await page.route('**/api/uploads/*/parts/*', async (route) => {
      const part = /parts\/(\d+)/.exec(route.request().url())?.[1] ?? '';
      sent.push(part);
      if (part === '3' && isHeld) return held(); // the answer never comes, until the page is left
      await route.continue();
    });
    await page.goto(served.url);
    await page.getByText('Drop a film, and it becomes smaller').waitFor();
    expect(page.url()).not.toContain('token');

    await dropFiles(page, [path]);
    await page.getByLabel('ladder').check();
    await page.locator('summary', { hasText: 'Settings' }).click();
    await page.getByLabel('preset').selectOption('ultrafast');
    await page.getByText(/About .* of work, 18\.4 MB/).waitFor();
    await page.getByRole('button', { name: 'Send 1 film' }).click();
    await page.getByText(/16\.8 MB of 18\.4 MB/).waitFor();
    await thirdIsHeld;
    expect(sent.toSorted()).toEqual(['1', '2', '3']);

    isHeld = false;
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    // The browser may open the dropped file again, so it goes on without the person.
    await page.getByText('18.4 MB, arrived').waitFor();
    expect(sent.toSorted()).toEqual(['1', '2', '3', '3']);

    await page.getByRole('link', { name: 'See what becomes of them' }).click();
    await page.getByRole('link', { name: 'first film.mov' }).click();
    await page.getByRole('heading', { name: 'first film.mov' }).waitFor();
    await page.reload();
    await page.getByText('Streams of the source').waitFor();
    await page.locator('reelmill-player').waitFor();
    const seconds = await page.evaluate(`(async () => {
      const player = document.querySelector('reelmill-player');
      player.muted = true;
      player.play();
      await new Promise((resolve) => player.addEventListener('reelmill', ({ detail }) => detail.type === 'end' && resolve()));
      return player.currentTime;
    })()`);
    expect(seconds).toBeGreaterThan(1.5);
    expect(wrong).toEqual([]);

    const typed = await page.goto(new URL('/films/old', served.url).href);
    expect(typed?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.getByRole('link', { name: 'All films' }).click();
    await page.getByRole('link', { name: 'first film.mov' }).waitFor();
  });
});
