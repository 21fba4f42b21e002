// Puts the drops that failed five times back into their queue: npm run redrive -- --stage dev|test|prod
import { DEPLOYED_STAGES } from './aws/framework.mjs';
import { stageOptions } from './aws/options.mjs';
import { exitWithSentence } from './aws/sentences.mjs';
import { existingStack } from './aws/stack.mjs';
import { ensureReady } from './setup.mjs';
import { say } from './setup-error.mjs';

const usage = 'npm run redrive -- --stage dev|test|prod';

await exitWithSentence(async () => {
  await ensureReady({ need: ['packages'] });
  const options = stageOptions(process.argv.slice(2), { usage, stages: [...DEPLOYED_STAGES, 'local'] });
  const { name, region } = await existingStack(options);
  const { GetQueueUrlCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient({ region });
  const urlOf = async (/** @type {string} */ QueueName) => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  };
  const [from, to] = [await urlOf(`${name}-drops-dead`), await urlOf(`${name}-drops`)];
  let moved = 0;
  for (let page = await move(sqs, from, to); page > 0; page = await move(sqs, from, to)) moved += page;
  say(`${moved} drops put back`);
});

/**
 * Up to ten messages: first written there, then deleted here. One that is interrupted in between is there twice, which
 * makes no second job.
 * @param {import('@aws-sdk/client-sqs').SQSClient} sqs
 * @param {string} from
 * @param {string} to
 */
async function move(sqs, from, to) {
  const { DeleteMessageBatchCommand, ReceiveMessageCommand, SendMessageBatchCommand } = await import(
    '@aws-sdk/client-sqs'
  );
  const receive = { QueueUrl: from, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: 60 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
  if (Messages.length === 0) return 0;
  const sent = Messages.map(({ Body }, at) => ({ Id: `${at}`, MessageBody: Body }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: to, Entries: sent }));
  const failed = new Set(Failed.map(({ Id }) => Id));
  const done = Messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle })).filter(
    ({ Id }) => !failed.has(Id),
  );
  if (done.length === 0) throw new Error(`SQS takes nothing: ${Failed[0]?.Message}`);
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: from, Entries: done }));
  return done.length;
}
