import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { filmOfPages } from '../support/film-of-pages.ts';
import { openBrowser } from '../support/open-browser.ts';
import { USUAL } from '../support/page-answers.ts';
import { openState, PAGE_STATES } from '../support/page-states.ts';
import { pagesServer } from '../support/pages-server.ts';

type Found = { readonly id: string; readonly nodes: readonly string[] };

/** Every state of every page, in both themes: what axe finds at the levels A and AA, and whether anything is cut off. */
describe('every page in every state', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof pagesServer>>;
  let film: Awaited<ReturnType<typeof filmOfPages>>;
  let axe: string;
  beforeAll(async () => {
    axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
    film = await filmOfPages();
    server = await pagesServer(USUAL, film.media);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await film?.remove();
  });

  it.each(PAGE_STATES)('$name: can be read by everybody, light and dark, and fits a narrow screen', async (state) => {
    server.tell(state.answers);
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(0); // jest ends a test that waits in vain
    const page = await openState(state, context, server.url);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.evaluate(axe);
    // In the other theme nothing differs but the colours.
    for (const [colorScheme, runOnly] of [
      ['light', ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']],
      ['dark', ['color-contrast']],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      const found: readonly Found[] = await page.evaluate(`axe
        .run({ runOnly: ${JSON.stringify(runOnly)} })
        .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))`);
      expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
    }
    await context.close();
  });
});
