import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';
import { asking } from './aws-failure.ts';

/**
 * One topic for all who want to know: mail gets sentences, functions and queues get the notice as JSON. Throws `busy`
 * where SNS cannot be reached: whoever calls is called again.
 */
export function snsNotifier(client: SNSClient, TopicArn: string): Notifier {
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
