import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { snsNotifier } from '../../../adapters/aws/sns-notifier.ts';
import { notice, notifierContract, type Receiver } from '../../contracts/notifier.ts';
import { type AwsServer, fauxqsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { listen } from '../../support/listen.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const envelope = z.object({ Message: z.string(), Subject: z.optional(z.string()), MessageAttributes: z.unknown() });
const published = z.object({ Message: z.string() });
const messages = z.object({ email: z.string(), lambda: z.string(), sqs: z.string() });

/** fauxqs sends one message to all protocols. */
const FAUXQS_GAPS = ['notice as it is'];

describe('on fauxqs', () => snsTests(fauxqsServer, FAUXQS_GAPS));
await describeOnMoto('the SNS notifier', () => snsTests(motoServer, []));

function snsTests(start: () => Promise<AwsServer>, gaps: readonly string[]): void {
  const knowing = (gap: string) => (gaps.includes(gap) ? it.failing : it);
  let server: AwsServer;
  let sqs: SQSClient;
  let names = 0;

  beforeAll(async () => {
    server = await start();
    sqs = new SQSClient({ endpoint: server.endpoint });
  });
  afterAll(async () => {
    sqs.destroy();
    await server.close();
  });

  type Open = Receiver & { received(): Promise<readonly z.infer<typeof envelope>[]> };

  async function open(): Promise<Open> {
    const name = `notices-${++names}`;
    const client: SNSClient = new SNSClient(clientOptions(optionsFor(server)));
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: name }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const Endpoint = TopicArn.replace(':sns:', ':sqs:');
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    const reports: string[] = [];
    const asked = listen(client);

    async function received() {
      const found: z.infer<typeof envelope>[] = [];
      for (let isEmpty = false; !isEmpty; ) {
        const answer = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        for (const { Body, ReceiptHandle } of answer.Messages ?? []) {
          found.push(envelope.parse(JSON.parse(Body ?? '')));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        isEmpty = (answer.Messages ?? []).length === 0;
      }
      return found;
    }

    return {
      notifier: snsNotifier({ client, arn: TopicArn, report: (message) => reports.push(message) }),
      /** No server here sends mail: what SNS was given for it, as often as the topic really delivered. */
      async delivered() {
        const mails = asked.map((each) => messages.parse(JSON.parse(published.parse(each).Message)).email);
        expect(await received()).toHaveLength(mails.length);
        return mails;
      },
      received,
      reports,
      cutOff: async () => {
        await client.send(new DeleteTopicCommand({ TopicArn }));
      },
      close: async () => client.destroy(),
    };
  }

  notifierContract('SNS', open);

  knowing('notice as it is')('gives functions and queues the notice as it is', async () => {
    const receiver = await open();
    await receiver.notifier.notify(notice);
    const [message] = await receiver.received();
    expect(JSON.parse(message?.Message ?? '')).toEqual(notice);
    expect(message?.MessageAttributes).toMatchObject({ kind: { Value: 'failed' }, recipe: { Value: 'preserve' } });
    await receiver.close();
  });

  it('has a subject that SNS takes, whatever the name', async () => {
    const receiver = await open();
    await receiver.notifier.notify({ ...notice, source: `映像\n${'long '.repeat(50)}.mov`, recipe: '' });
    expect(receiver.reports).toEqual([]);
    expect((await receiver.received())[0]?.Subject).toMatch(/^Reelmill: failed: \?\?\\nlong [ -~]{1,79}$/);
    await receiver.close();
  });

  it('lets through what the report throws, so that whoever called is called again', async () => {
    const client = new SNSClient(clientOptions(optionsFor(server)));
    const report = () => {
      throw new Error('try again');
    };
    const arn = 'arn:aws:sns:us-east-1:123456789012:none';
    await expect(snsNotifier({ client, arn, report }).notify(notice)).rejects.toThrow('try again');
    client.destroy();
  });
}
