import { setTimeout as sleep } from 'node:timers/promises';
import { usage } from '../../core/errors.ts';
import { noticeLines, noticeTitle, shortened } from '../../core/notices/notice-text.ts';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';
import { type DeliveryOptions, deliver, reasonOf, refused, TIMEOUT_MS } from './deliver.ts';

const MARKS = {
  done: '✅',
  unchanged: '➖',
  failed: '❌',
  refused: '⛔',
  restoring: '🧊',
  report: '📋',
} as const satisfies Record<Notice['kind'], string>;
const LONGEST_WAIT_SECONDS = 30;

export type SlackNotifier = Notifier & {
  /** Sends up to 20 notices as one message, because Slack takes about one a second. */
  notifyAll(notices: readonly Notice[]): Promise<void>;
};

/**
 * Sends notices to a Slack channel through an incoming webhook. Throws `usage` if the webhook's address is invalid. The
 * address is a secret and is in no message.
 */
export function slackNotifier(webhookUrl: string, delivery: DeliveryOptions): SlackNotifier {
  if (!/^https?:/.test(webhookUrl) || !URL.canParse(webhookUrl)) {
    throw usage('the address of the Slack webhook is invalid; it is like https://hooks.slack.com/services/...');
  }
  const send = (what: string, message: SlackMessage) =>
    deliver(`the Slack message on ${what}`, () => post(webhookUrl, message, delivery), delivery);
  return {
    notify: (notice) => send(notice.source, slackMessage(notice)),
    async notifyAll([first, ...more]) {
      if (!first) return;
      if (more.length === 0) await send(first.source, slackMessage(first));
      else await send(`${first.source} and ${more.length} more`, slackMessageOfAll([first, ...more]));
    },
  };
}

type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji: boolean };
type Button = { readonly type: 'button'; readonly text: PlainText; readonly url: string };
type Block = {
  readonly type: 'header' | 'section' | 'context' | 'actions';
  readonly text?: PlainText;
  readonly elements?: readonly (PlainText | Button)[];
};

type SlackMessage = { readonly text: string; readonly blocks: readonly Block[] };

/** Block Kit, with plain text only: in Slack's markup a file name like <!channel> would call everybody. */
export function slackMessage(notice: Notice): SlackMessage {
  const title = `${MARKS[notice.kind]} ${noticeTitle(notice)}`;
  const [summary = '', ...details] = noticeLines(notice);
  return {
    text: escaped(title),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      { type: 'section', text: plain(summary, 3_000) },
      { type: 'context', elements: [plain(details.join('\n'), 2_000)] },
      ...buttons(notice.details),
    ],
  };
}

/** One message on several notices: of each the title, what happened, and its buttons. Slack takes 50 blocks at most. */
export function slackMessageOfAll(notices: readonly Notice[]): SlackMessage {
  const kinds = [...new Set(notices.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => `${notices.filter((each) => each.kind === kind).length} ${MARKS[kind]} ${kind}`);
  const title = `${notices.length} notices: ${counts.join(', ')}`;
  const blocks = notices.flatMap((notice) => [
    {
      type: 'section' as const,
      text: plain(`${MARKS[notice.kind]} ${noticeTitle(notice)}\n${noticeLines(notice)[0] ?? ''}`, 3_000),
    },
    ...buttons(notice.details),
  ]);
  return { text: escaped(title), blocks: [{ type: 'header', text: plain(title, 150) }, ...blocks] };
}

/** The text that notifications show instead of the blocks, which is Slack's markup. */
const escaped = (text: string): string =>
  shortened(text, 1_000).replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);

/** Returns a button for the job's page and one for the folder of its files, where there are such addresses. */
function buttons({ page, link }: Notice['details']): readonly Block[] {
  const elements = [...buttonTo(page, 'Show the job'), ...buttonTo(link, 'Show the files')];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

/** Returns nothing for what is not an address that Slack accepts. */
const buttonTo = (url: unknown, title: string): readonly Button[] =>
  typeof url === 'string' && /^https:\/\/[^ ]{1,2900}$/.test(url)
    ? [{ type: 'button', text: plain(title, 75), url }]
    : [];

const plain = (text: string, most: number): PlainText => ({
  type: 'plain_text',
  text: shortened(text, most),
  emoji: false,
});

async function post(url: string, message: unknown, { signal, timeoutMs = TIMEOUT_MS }: DeliveryOptions): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(message),
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    throw new Error(reasonOf(error));
  });
  await response.body?.cancel();
  if (response.ok) return;
  const answer = `Slack answered ${response.status}`;
  if (response.status < 500 && response.status !== 429 && response.status !== 408) throw refused(answer);
  const wait = Number(response.headers.get('retry-after'));
  if (wait > 0) await sleep(Math.min(wait, LONGEST_WAIT_SECONDS) * 1000, undefined, signal && { signal });
  throw new Error(answer);
}
