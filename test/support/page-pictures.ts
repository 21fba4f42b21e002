import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { filmOfPages } from './film-of-pages.ts';
import { openBrowser } from './open-browser.ts';
import { USUAL } from './page-answers.ts';
import { openState, PAGE_STATES, type PageState } from './page-states.ts';
import { pagesServer } from './pages-server.ts';

/** Takes a picture of every page and state, narrow and wide, light and dark, into a folder; only states of these names if any. */
export async function takePagePictures(folder: string, names: readonly string[]): Promise<number> {
  await mkdir(folder, { recursive: true });
  const film = await filmOfPages();
  const server = await pagesServer(USUAL, film.media);
  const browser = await openBrowser();
  try {
    let bytes = 0;
    for (const state of PAGE_STATES.filter(({ name }) => names.length === 0 || names.includes(name))) {
      server.tell(state.answers);
      for (const look of LOOKS) {
        const picture = await pictureOf(state, { browser, url: server.url, ...look });
        bytes += picture.length;
        await writeFile(join(folder, `${state.name}-${look.width}-${look.colorScheme}.webp`), picture);
      }
    }
    return bytes;
  } finally {
    await browser.close();
    await server.close();
    await film.remove();
  }
}

const LOOKS = ([390, 1280] as const).flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

type Look = (typeof LOOKS)[number] & { readonly browser: Browser; readonly url: string };

async function pictureOf(state: PageState, { browser, url, width, colorScheme }: Look): Promise<Buffer> {
  const viewport = { width, height: width === 390 ? 844 : 800 };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(60_000);
  const page = await openState(state, context, url);
  await page.evaluate('window.scrollTo(0, 0)');
  const picture = await page.screenshot({ fullPage: true });
  await context.close();
  return sharp(picture).webp({ quality: 60, effort: 6 }).toBuffer();
}
