import { randomUUID } from 'node:crypto';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** @typedef {{ kind?: string, job?: string, source?: string, summary?: string }} Notice */

/**
 * A queue of its own, subscribed to the notices of a stack until it is closed.
 * @param {string} topic
 * @param {string} region
 */
export async function openNoticeQueue(topic, region) {
  const sqs = new SQSClient({ region });
  const sns = new SNSClient({ region });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `reelmill-smoke-${randomUUID()}` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Endpoint = Attributes?.QueueArn ?? '';
  const ownAttributes = { SqsManagedSseEnabled: 'true', Policy: takes(topic, Endpoint) };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: ownAttributes }));
  const raw = { Attributes: { RawMessageDelivery: 'true' }, ReturnSubscriptionArn: true };
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint, ...raw }),
  );
  return {
    /**
     * The first notice that fits, or undefined when time is up. `meanwhile` is called each time none has come.
     * @param {(notice: Notice) => boolean} fits
     * @param {number} milliseconds
     * @param {() => Promise<void>} meanwhile
     */
    async waitFor(fits, milliseconds, meanwhile) {
      for (const until = Date.now() + milliseconds; Date.now() < until; ) {
        await meanwhile();
        const notice = (await take(sqs, QueueUrl)).find(fits);
        if (notice) return notice;
      }
      return undefined;
    },
    async close() {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

/**
 * @param {SQSClient} sqs
 * @param {string} QueueUrl
 * @returns {Promise<Notice[]>}
 */
async function take(sqs, QueueUrl) {
  const receive = { QueueUrl, WaitTimeSeconds: 10, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
  if (Messages.length === 0) return [];
  const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return Messages.map(({ Body }) => JSON.parse(Body ?? '{}'));
}

/**
 * @param {string} topic
 * @param {string} queue
 */
const takes = (topic, queue) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  });
