import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { amongNewest, FEW, failed, jobsOf, REFUSED_DROPS, refused, running, USUAL } from './page-answers.ts';
import type { Answers } from './pages-server.ts';
import { untilTrue } from './player-page.ts';

/** One page in one state: how the API answers, where the page is, and what somebody does there. */
export type PageState = {
  readonly name: string;
  readonly at: string;
  readonly answers: Answers;
  act?(page: Page, context: BrowserContext): Promise<unknown>;
  /** What is seen when the state is reached. */
  readonly shows: string;
};

const CLIP = readFileSync('demo/clips/dog-320x180.mp4');
const choose = (page: Page, ...names: readonly string[]) =>
  page
    .locator('input[type=file]')
    .first()
    .setInputFiles(names.map((name) => ({ name, mimeType: 'video/mp4', buffer: CLIP })));
const busy = { status: 503, code: 'busy', reason: 'the job table is being moved', advice: 'Try again later.' } as const;
const email: Answers = {
  ...USUAL,
  signInWay: () => ({ way: 'email', stage: 'prod' }),
  renewToken: () => refused({ status: 401, code: 'usage', reason: 'nobody is signed in' }),
  askForCode: () => ({ session: 'a-session' }),
  giveCode: () =>
    refused({ status: 401, code: 'usage', reason: 'the code is not the one that was sent, or it is too old' }),
};
const upload = {
  upload: 'upload-00000000000001',
  key: 'input/preserve/reel 3.mov',
  recipe: 'preserve',
  path: 'reel 3.mov',
};
const sending: Answers = {
  ...USUAL,
  uploads: () => ({ uploads: [{ ...upload, bytes: 83_886_080, partBytes: 8_388_608, parts: 10, expiresMs: 1e13 }] }),
  upload: ({ params }) => ({
    ...upload,
    ...{ bytes: 83_886_080, partBytes: 8_388_608, parts: 10, expiresMs: 1e13 },
    there: (params.upload === upload.upload ? [1, 2, 3, 4] : []).map((number) => ({
      number,
      bytes: 8_388_608,
      checksum: `${'A'.repeat(43)}=`,
    })),
  }),
  beginUpload: ({ body }) => {
    const { path } = body as { readonly path: string };
    if (path === 'too large.mp4')
      return refused({
        status: 422,
        code: 'over-limit',
        reason: 'the disk has room for 2.1 GB alone',
        advice: 'Make room, and go on.',
      });
    return {
      ...upload,
      upload: 'upload-00000000000002',
      path,
      bytes: CLIP.length,
      partBytes: 8_388_608,
      parts: 1,
      expiresMs: 1e13,
    };
  },
  signParts: () => 'never',
};
const signedIn = async (page: Page) => {
  await page.getByLabel('Your e-mail address').fill('ada@example.org');
  await page.getByRole('button', { name: 'Send me a code' }).click();
};

async function pictureThere(page: Page): Promise<void> {
  await page.locator('reelmill-player').waitFor();
  await untilTrue(page, "document.querySelector('reelmill-player').video.readyState > 1");
}

export const PAGE_STATES: readonly PageState[] = [
  { name: 'films', at: '#/', answers: USUAL, shows: 'kaleidoscope' },
  { name: 'films-empty', at: '#/', answers: { ...USUAL, jobs: () => jobsOf([]) }, shows: 'Drop a film' },
  { name: 'films-loading', at: '#/', answers: { ...USUAL, jobs: () => 'never' }, shows: 'Films are loading' },
  {
    name: 'films-refused',
    at: '#/',
    answers: { ...USUAL, jobs: () => ({ ...jobsOf([...FEW]), refused: [...REFUSED_DROPS] }) },
    shows: 'Not taken',
  },
  {
    name: 'films-error',
    at: '#/',
    answers: { ...USUAL, jobs: () => refused(busy) },
    shows: 'The films cannot be listed',
  },
  {
    name: 'films-not-found',
    at: '#/?text=zebra',
    answers: { ...USUAL, jobs: () => jobsOf([]) },
    shows: 'No film is like that',
  },
  {
    name: 'films-newest',
    at: '#/?sort=largest',
    answers: { ...USUAL, jobs: () => ({ ...amongNewest(jobsOf([...FEW], 1000)), amongNewest: 1000 }) },
    shows: 'Sorted among the newest 1,000 films',
  },
  {
    name: 'films-offline',
    at: '#/',
    answers: USUAL,
    async act(page, context) {
      await page.getByText('kaleidoscope').first().waitFor();
      await context.setOffline(true);
    },
    shows: 'There is no network',
  },
  { name: 'add', at: '#/add', answers: USUAL, shows: 'Drop films or folders here' },
  {
    name: 'add-chosen',
    at: '#/add',
    answers: USUAL,
    async act(page) {
      await choose(page, 'Berlin day 1.mp4', 'loop 4K.mp4');
      await page.locator('summary', { hasText: 'Settings' }).click();
      await page.getByLabel('Recipe of loop 4K.mp4').selectOption('vj');
    },
    shows: 'of work',
  },
  {
    name: 'add-sending',
    at: '#/add',
    answers: sending,
    async act(page) {
      await page.getByText('drop the same file again').waitFor();
      await choose(page, 'Berlin day 1.mp4', 'too large.mp4');
      await page.getByRole('button', { name: 'Send 2 films' }).click();
    },
    shows: 'the disk has room for 2.1 GB alone',
  },
  {
    name: 'add-give-up',
    at: '#/add',
    answers: sending,
    async act(page) {
      await page.getByRole('button', { name: 'Give reel 3.mov up' }).click();
    },
    shows: 'Give this upload up?',
  },
  { name: 'job-running', at: `#/jobs/${running.job}`, answers: USUAL, shows: '7 of 24 segments' },
  {
    name: 'job-done',
    at: `#/jobs/${'4'.padStart(32, '0')}`,
    answers: USUAL,
    act: pictureThere,
    shows: 'Streams of the source',
  },
  { name: 'job-failed', at: `#/jobs/${failed.job}`, answers: USUAL, shows: 'It was not made' },
  { name: 'job-not-there', at: `#/jobs/${'f'.repeat(32)}`, answers: USUAL, shows: 'There is no such film' },
  {
    name: 'locked',
    at: '#/',
    answers: { ...USUAL, session: () => refused({ status: 401, code: 'usage', reason: 'no token' }) },
    shows: 'This page does not know you',
  },
  { name: 'failed', at: '#/', answers: { signInWay: () => refused(busy) }, shows: 'The pages cannot be opened' },
  { name: 'sign-in', at: '#/', answers: email, shows: 'Your e-mail address' },
  { name: 'sign-in-code', at: '#/', answers: email, act: signedIn, shows: 'The code' },
  {
    name: 'sign-in-wrong',
    at: '#/',
    answers: email,
    async act(page) {
      await signedIn(page);
      await page.getByLabel('The code').fill('123456');
      await page.getByRole('button', { name: 'Come in' }).click();
    },
    shows: 'That did not work',
  },
];

/** Opens a page in a state, and waits until it is reached. */
export async function openState({ at, act, shows }: PageState, context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/${at}`);
  await act?.(page, context);
  await page.getByText(shows).first().waitFor({ state: 'attached' });
  return page;
}
