import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { smtpNotifier } from '../../../adapters/local/smtp-notifier.ts';
import { notice, notifierContract } from '../../contracts/notifier.ts';

const quick = { retries: 2, firstWaitMs: 5, timeoutMs: 20_000 };
const from = 'Reelmill <mill@example.org>';
const to = 'one@example.org, two@example.org';

notifierContract('mail', async () => {
  const post = await startPost();
  const reports: string[] = [];
  return {
    notifier: smtpNotifier({ server: post.url, from, to }, { ...quick, report: (message) => reports.push(message) }),
    delivered: async () => post.received.map(({ mail }) => shownBy(mail)),
    reports,
    cutOff: post.close,
    close: post.close,
  };
});

describe('smtpNotifier', () => {
  let post: Awaited<ReturnType<typeof startPost>>;
  let reports: string[];
  const report = (message: string) => reports.push(message);

  beforeEach(async () => {
    reports = [];
    post = await startPost();
  });
  afterEach(() => post.close());

  it('signs in and sends one mail to all', async () => {
    await smtpNotifier({ server: post.url, from, to }, { ...quick, report }).notify(notice);
    const [only, ...more] = post.received;
    expect(more).toEqual([]);
    expect(only).toMatchObject({ user: 'mill', from: 'mill@example.org', to: ['one@example.org', 'two@example.org'] });
    expect(only?.mail).toMatch(/^Subject: Reelmill: failed: input\/preserve\/clip.mov \(preserve\)\r$/m);
  });

  it.each([
    { answers: [451, 421], mails: 1, attempts: 3, reports: 0 },
    { answers: [451, 451, 451], mails: 0, attempts: 3, reports: 1 },
    { answers: [550], mails: 0, attempts: 1, reports: 1 },
  ])('after the answers $answers has tried $attempts times and sent $mails mails', async (row) => {
    post.answers.push(...row.answers);
    await smtpNotifier({ server: post.url, from, to }, { ...quick, report }).notify(notice);
    expect(post.attempts()).toBe(row.attempts);
    expect(post.received).toHaveLength(row.mails);
    expect(reports).toHaveLength(row.reports);
  });

  it('tells of a wrong password at once, without the password', async () => {
    const server = post.url.replace('secret', 'guessed');
    await smtpNotifier({ server, from, to }, { ...quick, report }).notify(notice);
    expect(reports).toHaveLength(1);
    expect(reports[0]).not.toContain('guessed');
    expect(post.received).toEqual([]);
  });

  it('refuses an invalid address without showing it', () => {
    const failure = expect.objectContaining({ code: 'usage', message: expect.not.stringContaining('secret') });
    expect(() => smtpNotifier({ server: 'mill:secret@example.org', from, to }, { report })).toThrow(failure);
    expect(() => smtpNotifier({ server: 'smtp://mill:secret@[', from, to }, { report })).toThrow(failure);
  });

  it('waits no longer once aborted', async () => {
    const abort = new AbortController();
    abort.abort();
    await smtpNotifier({ server: post.url, from, to }, { ...quick, report, signal: abort.signal }).notify(notice);
    expect(reports).toEqual([expect.stringContaining('interrupted')]);
  });
});

/** A mail server that wants a password and answers the senders as told. */
async function startPost() {
  const received: { user: string | undefined; from: string | false; to: string[]; mail: string }[] = [];
  const answers: number[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      if (password === 'secret') done(null, { user: username });
      else done(Object.assign(new Error('wrong password'), { responseCode: 535 }));
    },
    onMailFrom: (_address, _session, done) => {
      attempts += 1;
      const responseCode = answers.shift();
      done(responseCode ? Object.assign(new Error('not now'), { responseCode }) : null);
    },
    onData: (stream, { user, envelope }, done) => {
      void text(stream).then((mail) => {
        const sender = envelope.mailFrom ? envelope.mailFrom.address : false;
        received.push({ user: String(user), from: sender, to: envelope.rcptTo.map(({ address }) => address), mail });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://mill:secret@127.0.0.1:${port}`, received, answers, attempts: () => attempts, close };
}

/** The text of a mail as a reader shows it: its encoding undone. */
function shownBy(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString();
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
