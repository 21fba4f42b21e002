import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import { refuseUndecodable } from '../app/refuse-drop.ts';
import { sender } from '../app/send-job.ts';
import { takeDrop } from '../app/take-drop.ts';
import { droppingPorts } from '../runtime/aws/dropping-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { droppedKeys, sqsEvent } from './events.ts';
import { failureFields } from './logged.ts';

const ports = droppingPorts(stackConfig(STACK_ENVIRONMENT['on-drop']));
const intake = { ...ports, send: sender(ports) };
const logger = (reason: unknown) => ports.log.error('drop.failed', failureFields(reason));

/** Makes a job of each drop in a batch of messages. If a drop of a message fails, SQS delivers only that message again. */
export const handler = middy()
  .use(sqsPartialBatchFailure({ logger }))
  .handler((event: unknown) => Promise.allSettled(sqsEvent.parse(event).Records.map(({ body }) => take(body))));

async function take(body: string): Promise<void> {
  for (const dropped of droppedKeys(body)) {
    const isKey = 'key' in dropped;
    const key = isKey ? dropped.key : dropped.undecodable;
    const { outcome } = isKey ? await takeDrop(key, intake, dropped.to) : await refuseUndecodable(key, intake);
    ports.log.info(`drop.${outcome}`, { key });
  }
}
