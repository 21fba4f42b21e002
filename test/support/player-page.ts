import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type FilmServer, filmServer } from './film-server.ts';
import { openBrowser } from './open-browser.ts';

/** What a player told; `now` is the page's clock. */
export type Told = {
  readonly type: string;
  readonly kind?: string;
  readonly reason?: string;
  readonly now: number;
} & Readonly<Record<string, unknown>>;

export type PlayerPage = {
  readonly page: Page;
  /** Puts a player with these attributes into the page. */
  open(attributes: Readonly<Record<string, string>>): Promise<void>;
  /** Runs code in the page. */
  run<T>(code: string): Promise<T>;
  /** Waits until the player has told something of which this code, of `e`, is true. */
  told(test: string): Promise<Told>;
  events(): Promise<readonly Told[]>;
  /** Waits until this code is true of the page. */
  until(code: string): Promise<void>;
  /** Waits until the page's own script has told something that begins so; looking from outside would count as a click. */
  said(begin: string): Promise<string>;
  /** What went wrong in the page itself. */
  readonly errors: readonly string[];
};

export type PlayerPages = {
  readonly server: FilmServer;
  readonly browser: Browser;
  /** A fresh page; those that were open before are closed, unless they share its context. */
  newPage(context?: BrowserContext, search?: string): Promise<PlayerPage>;
  close(): Promise<void>;
};

const PAGES = 'test/support/pages';

/** A server with films and the built player, and a browser. `texts` are further files by their paths. */
export async function playerPages(
  folders: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<PlayerPages> {
  await execa(process.execPath, ['scripts/build-player.mjs']);
  const server = await filmServer([...folders, 'dist'], {
    '/page.html': await readFile(join(PAGES, 'player.html'), 'utf8'),
    '/page.js': await readFile(join(PAGES, 'player-page.js'), 'utf8'),
    '/favicon.ico': '',
    ...texts,
  });
  const browser = await openBrowser('--use-gl=angle', '--use-angle=swiftshader');
  return {
    server,
    browser,
    async newPage(context, search = '') {
      if (!context) for (const old of browser.contexts()) await old.close();
      server.log.length = 0;
      server.setFault(() => undefined);
      const page = await (context ?? (await browser.newContext())).newPage();
      page.setDefaultTimeout(0); // jest ends a test that waits in vain
      const errors: string[] = [];
      const lines: string[] = [];
      page.on('console', (message) => lines.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          errors.push(message.text());
      });
      await page.goto(`${server.url}/page.html${search}`);
      const run = <T>(code: string): Promise<T> => page.evaluate(code);
      return {
        ...{ page, errors, run },
        // by a timer of the page's own, since what a test calls counts as a click of somebody
        open: (attributes) =>
          run(`new Promise((done) => setTimeout(() => done(void openPlayer(${JSON.stringify(attributes)})), 0))`),
        told: (test) => run(`told((e) => (${test}))`),
        events: () => run('events'),
        async said(begin) {
          for (;;) {
            const found = lines.find((line) => line.startsWith(begin));
            if (found !== undefined) return found;
            await page.waitForEvent('console');
          }
        },
        until: (code) => untilTrue(page, code),
      };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Waits until code is true of a page; as Playwright's own way would need a page that allows `eval`. */
export async function untilTrue(page: Page, code: string): Promise<void> {
  const look = `const look = async () => ((await (${code})) ? done(0) : setTimeout(look, 30)); look();`;
  await page.evaluate(`new Promise((done) => { ${look} })`);
}
