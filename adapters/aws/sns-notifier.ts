import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';
import { asking } from './aws-failure.ts';

export type Topic = {
  readonly client: SNSClient;
  readonly arn: string;
  /** Is told, in one sentence, of what could not be delivered. What it throws comes through: then whoever called is called again. */
  readonly report: (message: string) => void;
};

/** One topic for all who want to know: mail gets sentences, functions and queues get the notice as JSON. */
export function snsNotifier({ client, arn, report }: Topic): Notifier {
  return {
    notify: (notice) =>
      asking(`tell ${TopicArn} of job ${notice.job}`, async () => {
        const json = JSON.stringify(notice);
        await client.send(
          new PublishCommand({
            TopicArn,
            Subject: subject(notice),
            MessageStructure: 'json',
            Message: JSON.stringify({ default: json, email: mail(notice), lambda: json, sqs: json }),
            MessageAttributes: {
              kind: { DataType: 'String', StringValue: notice.kind },
              recipe: { DataType: 'String', StringValue: notice.recipe || '-' },
            },
          }),
        );
      }),
  };
}

/** SNS takes printable ASCII, at most 99 characters, and no line's end. */
const subject = ({ kind, source }: Notice): string =>
  `Reelmill ${kind}: ${source}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 99);

function mail({ summary, details, job, source }: Notice): string {
  const lines = Object.entries(details).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [summary, '', `source: ${source}`, ...lines, `job: ${job}`, ''].join('\n');
}
