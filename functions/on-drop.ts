import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import { refuseUndecodable, submitDrop } from '../app/submit-drop.ts';
import { droppingPorts } from '../runtime/aws/dropping-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { droppedKeys, sqsEvent } from './events.ts';
import { failureFields } from './logged.ts';

const ports = droppingPorts(stackConfig(STACK_ENVIRONMENT['on-drop']));
const logger = (reason: unknown) => ports.log.error('drop.failed', failureFields(reason));

/** One job for each drop of a batch of messages. A message whose drops were not all taken is delivered again, alone. */
export const handler = middy()
  .use(sqsPartialBatchFailure({ logger }))
  .handler((event: unknown) => Promise.allSettled(sqsEvent.parse(event).Records.map(({ body }) => take(body))));

async function take(body: string): Promise<void> {
  for (const dropped of droppedKeys(body)) {
    const isKey = 'key' in dropped;
    const key = isKey ? dropped.key : dropped.undecodable;
    const { outcome } = isKey ? await submitDrop(key, ports) : await refuseUndecodable(key, ports);
    ports.log.info(`drop.${outcome}`, { key });
  }
}
