import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { sha256 } from '../support/hash.ts';
import { killableBrowser } from '../support/killable-browser.ts';
import { openBrowser } from '../support/open-browser.ts';
import { dropFiles } from '../support/page-drop.ts';
import { servedFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PART = 8 * 1024 ** 2;
const PARTS = '**/api/uploads/*/parts/*';
const partOf = (route: Route) => Number(/parts\/(\d+)/.exec(route.request().url())?.[1]);

describe('an upload from a real browser to reelmill serve', () => {
  let served: Awaited<ReturnType<typeof servedFolder>>;
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    served = await servedFolder(await temporaryFolder());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  /** Jest ends a test that waits in vain. */
  async function patient(opening: Promise<BrowserContext>): Promise<BrowserContext> {
    const context = await opening;
    context.setDefaultTimeout(0);
    return context;
  }

  /** Resolves when so many requests with a part have come to a good end. */
  const partsThatArrive = (page: Page, count: number) =>
    new Promise<void>((resolve) => {
      let arrived = 0;
      page.on('requestfinished', async (request) => {
        if (!/parts\/\d+/.test(request.url()) || !(await request.response())?.ok()) return;
        arrived += 1;
        if (arrived === count) resolve();
      });
    });

  /** A file of five parts that differs from all others; whether it is a film is told later. */
  async function file(name: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, randomBytes(4 * PART + 1000));
    return path;
  }
  async function arrived(path: string, name: string): Promise<void> {
    expect(await sha256(join(served.root, 'input', 'preserve', name))).toBe(await sha256(path));
  }

  async function begin(page: Page, path: string): Promise<void> {
    await page.goto(`${served.url}#/add`);
    await page.getByText('Drop films or folders here').waitFor();
    await dropFiles(page, [path]);
    await page.locator('input[value=preserve]').check();
    await page.getByRole('button', { name: 'Send 1 film' }).click();
  }

  it('outlives an expired and a forged address, a failing server, a broken line and a lost network', async () => {
    const path = await file('faults.mov');
    const context = await patient(browser.newContext());
    const page = await context.newPage();
    const sent: number[] = [];
    const othersArrived = partsThatArrive(page, 4);
    await page.route(PARTS, async (route) => {
      const part = partOf(route);
      sent.push(part);
      const isFirst = sent.filter((each) => each === part).length === 1;
      if (!isFirst) return route.continue();
      if (part === 1)
        return route.fulfill({ status: 403, json: { code: 'not-allowed', reason: 'the address has expired' } });
      if (part === 2) return route.fulfill({ status: 500, json: { code: 'bug', reason: 'something went wrong here' } });
      if (part === 3) return route.abort('connectionreset');
      if (part === 4)
        return route.continue({
          url: route
            .request()
            .url()
            .replace(/signature=(.)/, (_, first) => `signature=${first === '0' ? '1' : '0'}`),
        });
      await othersArrived; // a part on its way when the network goes is rightly sent again
      await context.setOffline(true);
      await route.abort('internetdisconnected');
    });
    await begin(page, path);
    await page.getByText('there is no network, and it goes on when it is back').waitFor();
    await context.setOffline(false);
    await page.getByText('33.6 MB, arrived').waitFor();
    await arrived(path, 'faults.mov');
    expect(sent.toSorted()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    await context.close();
  });

  it('is sent by one of two tabs, and the other says so', async () => {
    const path = await file('tabs.mov');
    const context = await patient(browser.newContext());
    const [first, second] = [await context.newPage(), await context.newPage()];
    const sent: number[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await context.route(PARTS, async (route) => {
      sent.push(partOf(route));
      if (partOf(route) === 5) await released;
      await route.continue();
    });
    await begin(first, path);
    await first.getByText(/33\.6 MB of 33\.6 MB|33\.5 MB of 33\.6 MB|33\.6 MB; /).waitFor();
    await second.goto(`${new URL(served.url).origin}/#/add`);
    await second.getByText('another tab of this browser sends it').waitFor();
    release();
    await Promise.all([first, second].map((page) => page.getByText('33.6 MB, arrived').waitFor()));
    await arrived(path, 'tabs.mov');
    expect(sent.toSorted()).toEqual([1, 2, 3, 4, 5]);
    await context.close();
  });

  it('sends at most the parts that were on their way again after the browser was killed', async () => {
    const path = await file('killed.mov');
    const profile = await temporaryFolder();
    const sent: number[] = [];
    let bothHeld: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => {
      bothHeld = resolve;
    });
    const count = async (context: BrowserContext, hold: boolean) => {
      context.setDefaultTimeout(0);
      await context.route(PARTS, async (route) => {
        sent.push(partOf(route));
        if (hold && sent.includes(4) && sent.includes(5)) bothHeld();
        if (hold && partOf(route) > 3) return; // on its way when the browser is killed
        await route.continue();
      });
    };
    const before = await killableBrowser(profile);
    const [context] = before.browser.contexts();
    if (!context) throw new Error('the browser has no context');
    await count(context, true);
    try {
      const page = await context.newPage();
      await begin(page, path);
      await page.getByText(/25\.2 MB of 33\.6 MB/).waitFor();
      await isHeld;
    } finally {
      await before.kill();
    }

    const after = await killableBrowser(profile);
    try {
      const [again] = after.browser.contexts();
      if (!again) throw new Error('the browser has no context');
      await count(again, false);
      const back = await again.newPage();
      await back.goto(`${served.url}#/add`);
      await back.getByText(/25\.2 MB of 33\.6 MB are there/).waitFor();
      await dropFiles(back, [path]);
      await back.getByText('33.6 MB, arrived').waitFor();
      await arrived(path, 'killed.mov');
      expect(sent.toSorted()).toEqual([1, 2, 3, 4, 4, 5, 5]);
    } finally {
      await after.kill();
    }
  });
});
