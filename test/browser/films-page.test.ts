import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/open-browser.ts';
import { job, jobsOf, manyJobs, refused, USUAL } from '../support/page-answers.ts';
import { openState, PAGE_STATES } from '../support/page-states.ts';
import { type Answers, type Asked, pagesServer } from '../support/pages-server.ts';
import { untilTrue } from '../support/player-page.ts';

/** Resolves when the list is so long that it can be scrolled there; until then it is scrolled to its end, which loads more. */
const scrolledTo = (pixels: number) => `new Promise((resolve) => {
  const look = () => {
    window.scrollTo(0, ${pixels});
    if (window.scrollY === ${pixels}) resolve();
    else requestAnimationFrame(look);
  };
  look();
})`;
const CODE_GIVEN = JSON.stringify({
  email: 'ada@example.org',
  session: 'for {"email":"ada@example.org"}',
  code: '123456',
});
const sessionOf = (asked: Asked) => {
  const session = USUAL.session?.(asked);
  if (!session || session === 'never' || 'refusal' in session) throw new Error('nobody is signed in');
  return session;
};

describe('the pages under the hands of a person', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof pagesServer>>;
  beforeAll(async () => {
    server = await pagesServer(USUAL);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function opened(answers: Answers, at = '#/'): Promise<Page> {
    server.tell(answers);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    await page.goto(`${server.url}/${at}`);
    return page;
  }
  const focused = (page: Page, what: string): Promise<unknown> => page.evaluate(`document.activeElement.${what}`);

  it('draws the rows near the screen alone, of 10,000, and loads more when they are scrolled to', async () => {
    const page = await opened({ ...USUAL, jobs: manyJobs(10_000) });
    await page.getByRole('link', { name: 'film-0.mov' }).waitFor();
    await page.getByText('10,000').first().waitFor();
    for (const last of [100, 200]) {
      await page.evaluate(scrolledTo(76 * last));
      await page.getByRole('link', { name: `film-${last}.mov` }).waitFor();
    }
    expect(await page.locator('.row').count()).toBeLessThan(40);
    await page.close();
  });

  it('shows what happens while somebody looks, and says it in the title', async () => {
    const film = job(1, { state: 'running', segments: { done: 1, total: 4 } });
    const page = await opened({ ...USUAL, jobs: () => jobsOf([film]) });
    await page.getByText('25 %').waitFor();
    await untilTrue(page, "document.title === '25 % · 1 job · Reelmill'");
    server.tell({ ...USUAL, jobs: ({ query }) => jobsOf(query.get('state') === 'open' ? [] : [job(1)]) });
    server.happens();
    await page.getByText('85.9 % saved').waitFor();
    await untilTrue(page, "document.title === 'Reelmill'"); // by a question of its own
    await page.close();
  });

  it('keeps the filter in the address, and finds by it after a reload', async () => {
    const asked: string[] = [];
    const page = await opened({
      ...USUAL,
      jobs: ({ query }) => {
        asked.push(query.toString());
        return jobsOf([job(1)]);
      },
    });
    await page.getByLabel('State').selectOption('failed');
    await page.getByLabel('Find').fill('ü &');
    await page.waitForURL(/text=%C3%BC\+%26/);
    asked.length = 0;
    await page.reload();
    await page.getByRole('link', { name: 'film-1.mov' }).waitFor();
    expect(await page.getByLabel('Find').inputValue()).toBe('ü &');
    // the title asks as well, of jobs that are open
    const forList = asked.filter((query) => !query.includes('state=open'));
    expect(forList.at(-1)).toContain('text=%C3%BC+%26&state=failed');
    await page.close();
  });

  it('is used by the keyboard: past the head, into a dialog and out of it again', async () => {
    const page = await opened(USUAL);
    await page.getByText('kaleidoscope').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page, 'textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused(page, 'id')).toBe('content');
    await page.close();

    const sending = PAGE_STATES.find(({ name }) => name === 'add-give-up');
    if (!sending) throw new Error('there is no such state');
    server.tell(sending.answers);
    const context = await browser.newContext();
    context.setDefaultTimeout(0);
    const adding = await openState(sending, context, server.url);
    for (let press = 0; press < 5; press++) {
      await adding.keyboard.press('Tab');
      expect(await focused(adding, "closest('dialog, body').tagName")).toBe(
        (await focused(adding, 'tagName')) === 'BODY' ? 'BODY' : 'DIALOG',
      );
    }
    await adding.keyboard.press('Escape');
    await adding.getByText('Give this upload up?').waitFor({ state: 'detached' });
    expect(await focused(adding, "getAttribute('aria-label')")).toBe('Give reel 3.mov up');
    await context.close();
  });

  it('lets somebody in with a code, and asks in their name from then on, with a token that nothing stores', async () => {
    const page = await opened({
      ...USUAL,
      signInWay: () => ({ way: 'email', stage: 'prod' }),
      renewToken: () => refused({ status: 401, code: 'signed-out', reason: 'nobody is signed in' }),
      askForCode: ({ body }) => ({ session: `for ${JSON.stringify(body)}` }),
      giveCode: ({ body }) =>
        JSON.stringify(body) === CODE_GIVEN
          ? { token: 'the-token', expiresMs: 1e13 }
          : refused({ status: 401, code: 'signed-out', reason: `not ${JSON.stringify(body)}` }),
      session: (asked) => ({ ...sessionOf(asked), live: 'poll' }),
      jobs: ({ authorization }) => jobsOf(authorization === 'Bearer the-token' ? [job(1)] : []),
    });
    await page.getByLabel('Your e-mail address').fill('ada@example.org');
    await page.keyboard.press('Enter');
    await page.getByLabel('The code').fill('12 34 56');
    await page.getByRole('button', { name: 'Come in' }).click();
    await page.getByRole('link', { name: 'film-1.mov' }).waitFor();
    server.tell({
      signInWay: () => ({ way: 'email', stage: 'prod' }),
      renewToken: () => refused({ status: 401, code: 'signed-out', reason: 'nobody is signed in' }),
      jobs: () => refused({ status: 401, code: 'signed-out', reason: 'the token is too old' }),
    });
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(kept).not.toContain('the-token');
    await page.getByLabel('State').selectOption('failed');
    await page.getByText('Sign in to prod').waitFor(); // the token is too old, and there is no new one
    await page.close();
  });

  it('shows a name as text, whatever is in it', async () => {
    const name = '<img src=x onerror="document.title=1">\u202e.mov';
    const page = await opened({ ...USUAL, jobs: () => jobsOf([job(1, { name: `a/${name}` })]) });
    await page.getByRole('link', { name: '<img src=x' }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await page.close();
  });
});
