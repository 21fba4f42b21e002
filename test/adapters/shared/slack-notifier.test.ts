import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { slackMessage, slackMessageOfAll, slackNotifier } from '../../../adapters/shared/slack-notifier.ts';
import { notice, notifierContract } from '../../contracts/notifier.ts';

const quick = { retries: 2, firstWaitMs: 5 };
const SECRET = '/services/T000/B000/secret';

notifierContract('Slack', async () => {
  const slack = await startSlack(() => ({ status: 200 }));
  const reports: string[] = [];
  return {
    notifier: slackNotifier(slack.url, { ...quick, report: (message) => reports.push(message) }),
    delivered: async () => slack.received.map((each) => shownBy(each.body).join('\n')),
    reports,
    cutOff: slack.close,
    close: slack.close,
  };
});

describe('slackNotifier', () => {
  let slack: Awaited<ReturnType<typeof startSlack>>;
  let answers: Answer[];
  let reports: string[];
  const report = (message: string) => reports.push(message);

  beforeEach(async () => {
    answers = [];
    reports = [];
    slack = await startSlack(() => answers.shift() ?? { status: 200 });
  });
  afterEach(() => slack.close());

  it('posts JSON in UTF-8', async () => {
    await slackNotifier(slack.url, { ...quick, report }).notify(notice);
    expect(slack.received).toEqual([
      { method: 'POST', url: SECRET, type: 'application/json; charset=utf-8', body: slackMessage(notice) },
    ]);
  });

  it.each([
    { answers: [500, 502], requests: 3, reports: 0 },
    { answers: [429, 408], requests: 3, reports: 0 },
    { answers: [500, 500, 500], requests: 3, reports: 1 },
    { answers: [404], requests: 1, reports: 1 },
    { answers: [302], requests: 3, reports: 1 },
    { answers: ['drop', 'drop'] as const, requests: 3, reports: 0 },
  ])('after the answers $answers has asked $requests times, with $reports reports', async (row) => {
    answers = row.answers.map((status) => ({ status }));
    if (row.answers[0] === 302)
      answers = Array.from({ length: 3 }, () => ({ status: 302, headers: { location: '/elsewhere' } }));
    await slackNotifier(slack.url, { ...quick, report, timeoutMs: 20_000 }).notify(notice);
    expect(slack.received.map(({ url }) => url)).toEqual(Array.from({ length: row.requests }, () => SECRET));
    expect(reports).toHaveLength(row.reports);
  });

  it('asks again where no answer comes in time', async () => {
    answers = [{ status: 'hang' }];
    await slackNotifier(slack.url, { ...quick, retries: 10, report, timeoutMs: 500 }).notify(notice);
    expect(slack.received.length).toBeGreaterThanOrEqual(2); // a busy machine may answer the next ones late, too
    expect(reports).toEqual([]);
  });

  it('tells of several notices in one message, of one as by itself, and of none not at all', async () => {
    const { notifyAll } = slackNotifier(slack.url, { ...quick, report });
    await notifyAll([]);
    await notifyAll([notice]);
    await notifyAll([notice, { ...notice, kind: 'done', source: '<!channel>.mov' }]);
    expect(slack.received.map(({ body }) => body)).toEqual([
      slackMessage(notice),
      slackMessageOfAll([notice, { ...notice, kind: 'done', source: '<!channel>.mov' }]),
    ]);
    expect(shownBy(slack.received[1]?.body).join()).toContain('<!channel>.mov');
    expect(JSON.stringify(slack.received[1]?.body)).not.toContain('mrkdwn');
  });

  it('keeps the address out of its reports', async () => {
    answers = [{ status: 404 }];
    await slackNotifier(slack.url, { ...quick, report }).notify(notice);
    await slackNotifier(`http://127.0.0.1:1${SECRET}`, { ...quick, report }).notify(notice);
    expect(reports).toHaveLength(2);
    for (const each of reports) expect(each).not.toContain('secret');
  });

  it('refuses an invalid address without showing it', () => {
    const failure = expect.objectContaining({ code: 'usage', message: expect.not.stringContaining('secret') });
    expect(() => slackNotifier(`not an address${SECRET}`, { report })).toThrow(failure);
    expect(() => slackNotifier(`http://[${SECRET}`, { report })).toThrow(failure);
  });

  it.each([
    { what: 'an answer', answer: { status: 'hang' as const } },
    { what: 'a retry', answer: { status: 503, headers: { 'retry-after': '20' } } },
  ])('waits no longer for $what once aborted', async ({ answer }) => {
    answers = [answer];
    const abort = new AbortController();
    const notifying = slackNotifier(slack.url, { ...quick, report, signal: abort.signal }).notify(notice);
    await slack.request;
    abort.abort();
    await notifying;
    expect(reports).toEqual([expect.stringContaining('interrupted')]);
    expect(slack.received).toHaveLength(1);
  });

  it('mentions nobody, and stays within the sizes that Slack takes', () => {
    const message = slackMessage({ ...notice, source: `<!channel>&${'👋'.repeat(2_000)}`, summary: 'é'.repeat(9_000) });
    expect(message.text).toContain('&lt;!channel&gt;&amp;');
    const [header, section, context] = message.blocks;
    expect(header?.text?.text.length).toBeLessThanOrEqual(150);
    expect(header?.text?.text).not.toMatch(/\p{Surrogate}/u);
    expect(section?.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify([header, section, context])).not.toContain('mrkdwn');
  });
});

type Answer = { status: number | 'drop' | 'hang'; headers?: Record<string, string> };

/** A server that speaks as Slack's webhooks do. */
async function startSlack(answerTo: () => Answer) {
  const received: { method: string | undefined; url: string | undefined; type: string | undefined; body: unknown }[] =
    [];
  let arrived = () => {};
  const request = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = incoming;
    received.push({ method, url, type: headers['content-type'], body: JSON.parse(await text(incoming)) });
    const { status, headers: more = {} } = answerTo();
    if (status === 'drop') incoming.socket.destroy();
    else if (status !== 'hang') response.writeHead(status, more).end(status === 200 ? 'ok' : 'error');
    arrived();
  };
  const server = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}${SECRET}`, received, request, close };
}

const plainText = z.object({ type: z.literal('plain_text'), text: z.string() });
const blocks = z.object({
  blocks: z.array(z.object({ text: z.optional(plainText), elements: z.optional(z.array(plainText)) })),
});

const shownBy = (body: unknown) =>
  blocks
    .parse(body)
    .blocks.flatMap(({ text: only, elements = [] }) => [
      ...(only ? [only.text] : []),
      ...elements.map((each) => each.text),
    ]);
