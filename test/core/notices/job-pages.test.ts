import { describe, expect, it } from '@jest/globals';
import { slackMessage } from '../../../adapters/shared/slack-notifier.ts';
import { failedNotice } from '../../../core/notices/job-notice.ts';
import { leadingToPages, withJobPage } from '../../../core/notices/job-pages.ts';
import { noticeLines } from '../../../core/notices/notice-text.ts';
import type { Notice } from '../../../core/ports/notifier.ts';

const state = { status: 'failed', code: 'bad-input', reason: 'the file ends in the middle of a frame' } as const;
const failed = failedNotice({ id: 'a1b2' as never, recipe: 'preserve', source: 'input/preserve/clip.mov' }, state);
const PAGES = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com';

describe('a notice of a stage with pages', () => {
  it('reads in a mail as this', () => {
    expect(noticeLines(withJobPage(failed, PAGES))).toEqual([
      'input/preserve/clip.mov: the file ends in the middle of a frame',
      'job: a1b2',
      `page: ${PAGES}/#/jobs/a1b2`,
      'code: bad-input',
      `advice: ${failed.details.advice}`,
    ]);
  });

  it('has in Slack a button for the job, and one for its files', () => {
    const done = { ...failed, details: { link: 'https://s3.example.org/?prefix=output%2F' } };
    expect(slackMessage(withJobPage(done, PAGES)).blocks.at(-1)).toEqual({
      type: 'actions',
      elements: [
        button('Show the job', `${PAGES}/#/jobs/a1b2`),
        button('Show the files', 'https://s3.example.org/?prefix=output%2F'),
      ],
    });
  });

  it('says in Slack where a page of this machine is, which is no address for a button', () => {
    const { blocks } = slackMessage(withJobPage(failed, 'http://127.0.0.1:8080'));
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'context']);
    expect(JSON.stringify(blocks)).toContain('page: http://127.0.0.1:8080/#/jobs/a1b2');
  });
});

it.each([
  { what: 'nobody serves pages', notice: failed, pages: undefined },
  { what: 'the address is empty', notice: failed, pages: '' },
  { what: 'it is about no job', notice: { ...failed, job: '' }, pages: PAGES },
  { what: 'no job was made', notice: { ...failed, kind: 'refused' as const }, pages: PAGES },
])('a notice leads nowhere if $what', ({ notice, pages }) => {
  expect(withJobPage(notice, pages)).toEqual(notice);
});

it('leads to pages that are served only after the notifier was made', async () => {
  const told: Notice[] = [];
  let pages: string | undefined;
  const notifier = leadingToPages({ notify: async (notice) => void told.push(notice) }, () => pages);
  await notifier.notify(failed);
  pages = PAGES;
  await notifier.notify(failed);
  expect(told.map(({ details }) => details.page)).toEqual([undefined, `${PAGES}/#/jobs/a1b2`]);
});

const button = (text: string, url: string) => ({
  type: 'button',
  text: { type: 'plain_text', text, emoji: false },
  url,
});
