import type { Transporter } from 'nodemailer';
import * as z from 'zod/mini';
import { usage } from '../../core/errors.ts';
import { noticeLines, noticeTitle, shortened } from '../../core/notices/notice-text.ts';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';
import { type DeliveryOptions, deliver, reasonOf, refused, TIMEOUT_MS } from '../shared/deliver.ts';

type Mail = {
  /** smtp://user:password@host:587 (TLS by STARTTLS where offered), or smtps://... (TLS from the start). */
  readonly server: string;
  readonly from: string;
  readonly to: string;
};

const smtpAnswer = z.object({ responseCode: z.int() });

/** Sends notices by mail. Throws `usage` if the server's address is invalid. No message shows it, as it may have a password. */
export function smtpNotifier({ server, from, to }: Mail, delivery: DeliveryOptions): Notifier {
  if (!/^smtps?:/.test(server) || !URL.canParse(server)) {
    throw usage('the address of the mail server is invalid; it is like smtp://user:password@mail.example.org:587');
  }
  const { timeoutMs = TIMEOUT_MS } = delivery;
  let transport: Promise<Transporter> | undefined; // most runs send no mail
  const open = async () =>
    (await import('nodemailer')).createTransport({
      url: server,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  const send = async (notice: Notice) => {
    try {
      transport ??= open();
      await (await transport).sendMail({ from, to, ...mailText(notice) });
    } catch (error) {
      const answer = smtpAnswer.safeParse(error);
      if (answer.success && answer.data.responseCode >= 500) throw refused(reasonOf(error)); // permanent: RFC 5321, 4.2.1
      throw new Error(reasonOf(error));
    }
  };
  return { notify: (notice) => deliver(`the mail on ${notice.source}`, () => send(notice), delivery) };
}

const mailText = (notice: Notice) => ({
  subject: shortened(`Reelmill: ${noticeTitle(notice)}`, 250),
  text: [noticeTitle(notice), '', ...noticeLines(notice), ''].join('\n'),
});
