import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { noticeLines, noticeTitle, oneLine, shortened } from '../../core/notices/notice-text.ts';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';

type Topic = {
  readonly client: SNSClient;
  readonly arn: string;
  /** Is called with one sentence about a notice that could not be delivered. What it throws reaches notify's caller. */
  readonly report: (message: string) => void;
};

/** SNS takes 256 KiB, and a message has this text three times. */
const LONGEST_TEXT = 4_000;

/** Publishes notices to an SNS topic: as sentences for mail, and as JSON for functions and queues. */
export function snsNotifier({ client, arn, report }: Topic): Notifier {
  return {
    async notify(notice) {
      try {
        await client.send(new PublishCommand({ TopicArn: arn, ...messageOf(notice) }));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        report(oneLine(`the notice on ${notice.source} was not delivered: ${why}`));
      }
    },
  };
}

function messageOf(notice: Notice) {
  const source = shortened(notice.source, LONGEST_TEXT);
  const brief = { ...notice, source, summary: shortened(notice.summary, LONGEST_TEXT) };
  const json = JSON.stringify(brief);
  const mail = [noticeTitle(brief), '', ...noticeLines(brief), ''].join('\n');
  return {
    Subject: subject(brief),
    MessageStructure: 'json',
    Message: JSON.stringify({ default: mail, email: mail, lambda: json, sqs: json }),
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: notice.kind },
      recipe: { DataType: 'String', StringValue: notice.recipe || '-' },
    },
  };
}

/** The subject of a mail. SNS takes at most 99 characters of printable ASCII without line breaks. */
const subject = (notice: Notice): string =>
  shortened(`Reelmill: ${noticeTitle(notice)}`.replace(/[^\x20-\x7e]/g, '?'), 99).replace('…', '~');
