import { resolve } from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { capture } from '../../../scripts/child.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { dropMessage } from '../../support/deliveries.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const DROPS = 12; // more than SQS hands out at once
const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const TEMPLATE = { Resources: { Drops: queue('reelmill-local-drops'), Dead: queue('reelmill-local-drops-dead') } };

await describeOnMoto('redrive', () => {
  let server: AwsServer;
  let sqs: SQSClient;

  beforeAll(async () => {
    server = await motoServer();
    sqs = new SQSClient(clientOptions(optionsFor(server)));
    const stacks = new CloudFormationClient(clientOptions(optionsFor(server)));
    await stacks.send(new CreateStackCommand({ StackName: 'reelmill-local', TemplateBody: JSON.stringify(TEMPLATE) }));
    stacks.destroy();
  });
  afterAll(async () => {
    sqs.destroy();
    await server.close();
  });

  const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
  const redrive = () =>
    capture(process.execPath, [resolve('scripts/redrive.mjs'), '--stage', 'local'], {
      env: { ...process.env, AWS_ENDPOINT_URL: server.endpoint },
    });

  async function bodiesIn(QueueName: string): Promise<readonly string[]> {
    const bodies: string[] = [];
    for (;;) {
      const receive = { QueueUrl: await urlOf(QueueName), MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
      if (Messages.length === 0) return bodies.sort();
      bodies.push(...Messages.map(({ Body = '' }) => Body));
    }
  }

  it('puts every dead drop back as it was, once, and none a second time', async () => {
    const messages = Array.from(
      { length: DROPS },
      (_, i) => dropMessage(`input/preserve/${i} é.mov`, `${i}`).body,
    ).sort();
    const QueueUrl = await urlOf('reelmill-local-drops-dead');
    for (let from = 0; from < DROPS; from += 10) {
      const Entries = messages.slice(from, from + 10).map((MessageBody, i) => ({ Id: `${i}`, MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    expect(await redrive()).toMatchObject({ code: 0, stderr: expect.stringContaining(`${DROPS} drops put back`) });
    expect(await bodiesIn('reelmill-local-drops')).toEqual(messages);
    expect(await redrive()).toMatchObject({ code: 0, stderr: expect.stringContaining('0 drops put back') });
  });
});
