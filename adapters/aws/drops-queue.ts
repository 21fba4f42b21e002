import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ServiceError } from '../../core/errors.ts';
import { type Backfill, isOwnDrop } from '../../core/job/backfilled.ts';

/** The most messages that SQS takes in one request. */
const MESSAGES_AT_ONCE = 10;
const ATTEMPTS = 3;

type Message = { readonly Id: string; readonly MessageBody: string };

/**
 * Delivers drops to on-drop as if S3 had told of them, with the recipe where the name of the source does not say it, and settings. Each
 * has a message of its own, as those of S3 do: Lambda counts messages when it hands them to a call, which has a minute for all drops in
 * them. Throws `busy` if the queue did not take all.
 */
export async function sendDrops(
  sqs: SQSClient,
  QueueUrl: string,
  drops: readonly Backfill[],
  why: 'Retry' | 'Backfill',
): Promise<void> {
  for (let from = 0; from < drops.length; from += MESSAGES_AT_ONCE) {
    const messages = drops
      .slice(from, from + MESSAGES_AT_ONCE)
      .map((drop, i) => ({ Id: `${i}`, MessageBody: told(drop, why) }));
    await sendMessages(sqs, QueueUrl, messages);
  }
}

/** Sends messages, and those again that the queue did not take; it may take some of a request only. */
async function sendMessages(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  let left = messages;
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...left] }));
    reason = Failed[0]?.Message ?? Failed[0]?.Code ?? '';
    left = left.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
  }
  if (left.length === 0) return;
  throw new ServiceError(
    'busy',
    `the queue of drops did not take ${left.length} of ${messages.length} drops (${reason}); do it again`,
  );
}

function told({ source, to, settings }: Backfill, why: 'Retry' | 'Backfill'): string {
  const record = {
    eventName: `ObjectCreated:${why}`,
    s3: { object: { key: encodeURIComponent(source).replaceAll('%2F', '/') } },
    ...(!isOwnDrop({ source, to }) && { to }),
    ...(settings && { settings }),
  };
  return JSON.stringify({ Records: [record] });
}
