import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { writeLibraryPage } from '../../app/publish/write-library-page.ts';
import { failureRecord } from '../../core/job/failure-record.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { manifest, rendition } from '../core/report/manifests.ts';
import { openBrowser } from '../support/open-browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILMS = [
  { name: 'holiday/東京.mp4', before: 1000, after: 100, mean: 91 },
  { name: 'x"onerror="alert(1).mp4', before: 9000, after: 8000, mean: 97 },
  { name: 'a#?&%41.mov', before: 1000, after: 700, mean: 84 },
  { name: `long/${'name_'.repeat(40)}.mkv`, before: 1000, after: 950, mean: 99 },
];

/** The page in a real browser, from a folder and without a server. */
describe('the page of all films in a browser', () => {
  let browser: Browser;
  let address: string;
  const wrong: string[] = [];

  beforeAll(async () => {
    const folder = await temporaryFolder();
    const put = async (path: string, content: string | Uint8Array) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    };
    const poster = await sharp({ create: { width: 32, height: 18, channels: 3, background: '#c33' } })
      .jpeg()
      .toBuffer();
    for (const { name, before, after, mean } of FILMS) {
      const quality = { metric: 'vmaf', mean, min: mean, sampledFrames: 50 } as const;
      const made = manifest({
        source: { ...manifest().source, path: name, bytes: before },
        renditions: [rendition({ bytes: after, quality })],
      });
      await put(`.reelmill/preserve/${name}/manifest.json`, JSON.stringify(made));
      await put(`.reelmill/preserve/${name}/report.jpg`, poster);
    }
    const failed = failureRecord(
      { source: 'b.avi', recipe: 'preserve' },
      { code: 'truncated', reason: '<b>cut</b>' },
      0,
    );
    await put('.reelmill/failed/preserve/b.avi.json', JSON.stringify(failed));
    const local = await openLocal(join(folder, '.reelmill/work'), new AbortController().signal, () => {});
    await writeLibraryPage(['preserve'], local.portsFor({ sources: folder, outputs: folder }));
    await local.close();
    address = pathToFileURL(join(folder, '.reelmill/index.html')).href;
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function opened(width: number, colorScheme: 'dark' | 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('dialog', (dialog) => wrong.push(dialog.message()));
    await page.goto(address);
    return page;
  }
  const names = (page: Page) => page.locator('.film:visible h2').allTextContents();

  it.each([
    [1280, 'dark'],
    [1280, 'light'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)('fits %i columns of pixels, %s, with every poster, and says nothing is wrong', async (width, colours) => {
    const page = await opened(width, colours);
    const seen = await page.evaluate(
      '({ wide: document.documentElement.scrollWidth, dark: getComputedStyle(document.body).backgroundColor })',
    );
    expect(seen).toEqual({ wide: width, dark: colours === 'dark' ? 'rgb(14, 17, 23)' : 'rgb(243, 244, 247)' });
    for (const image of await page.locator('.film img').all()) await image.scrollIntoViewIfNeeded();
    const widths = `Promise.all([...document.querySelectorAll('.film img')].map(async (image) => {
      await image.decode();
      return image.naturalWidth;
    }))`;
    expect(await page.evaluate(widths)).toEqual(FILMS.map(() => 32));
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('finds, filters and sorts', async () => {
    const page = await opened(1280, 'light');
    expect(await names(page)).toHaveLength(FILMS.length + 1);
    await page.selectOption('[name=state]', 'failed');
    expect(await names(page)).toEqual(['b.avi']);
    expect(await page.locator('.shown').textContent()).toBe('1 of 5 shown');
    await page.selectOption('[name=state]', 'all');
    await page.fill('[name=find]', '東京 holiday');
    expect(await names(page)).toEqual(['holiday/東京.mp4']);
    await page.fill('[name=find]', '');
    const first = async (order: string) => {
      await page.selectOption('[name=sort]', order);
      return (await names(page)).at(0);
    };
    expect(await first('saved')).toBe('holiday/東京.mp4');
    expect(await first('bytes')).toBe('x"onerror="alert(1).mp4');
    expect(await first('quality')).toBe('a#?&%41.mov');
    expect((await names(page)).at(-1)).toBe('b.avi');
    expect(await first('name')).toBe('a#?&%41.mov');
    await page.close();
  });

  it('leads from each film to its report', async () => {
    const page = await opened(390, 'dark');
    const links = await page.locator('.film h2 a').evaluateAll((all) => all.map((link) => String(link)));
    const decoded = links.map((link) => decodeURIComponent(new URL(link).pathname));
    for (const { name } of FILMS)
      expect(decoded.filter((path) => path.endsWith(`/preserve/${name}/report.html`))).toHaveLength(1);
    await page.close();
  });
});
