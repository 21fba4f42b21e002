import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Backfill, isOwnDrop } from '../../core/job/backfilled.ts';

/** Delivers drops to on-drop as if S3 had told of them, with the recipe where the name of the source does not say it, and settings. */
export async function sendDrops(
  sqs: SQSClient,
  QueueUrl: string,
  drops: readonly Backfill[],
  why: 'Retry' | 'Backfill',
): Promise<void> {
  const Records = drops.map(({ source, to, settings }) => ({
    eventName: `ObjectCreated:${why}`,
    s3: { object: { key: encodeURIComponent(source).replaceAll('%2F', '/') } },
    ...(!isOwnDrop({ source, to }) && { to }),
    ...(settings && { settings }),
  }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records }) }));
}
