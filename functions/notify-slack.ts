import middy from '@middy/core';
import { type NamedNotice, tellTogether } from '../app/dispatch/tell-together.ts';
import { slackPorts } from '../runtime/aws/slack-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { queuedNotice, sqsEvent } from './events.ts';
import { failureFields, logged } from './logged.ts';

const ports = slackPorts(stackConfig(STACK_ENVIRONMENT['notify-slack']));

/**
 * Sends the notices of a batch to Slack as one message, each once. If Slack does not take it, the whole batch is delivered
 * again; otherwise only what is no notice, and what another call is telling.
 */
export const handler = middy()
  .use(logged(ports.log, 'notice.failed'))
  .handler(async (event: unknown) => {
    const batch: (NamedNotice & { readonly messageId: string })[] = [];
    const failed: string[] = [];
    for (const { messageId, body } of sqsEvent.parse(event).Records) {
      try {
        const { id, notice } = queuedNotice(body);
        batch.push({ messageId, name: `slack ${id}`, notice });
      } catch (error) {
        ports.log.error('notice.unreadable', failureFields(error));
        failed.push(messageId);
      }
    }
    const elsewhere = await tellTogether(batch, ports);
    failed.push(...batch.filter(({ name }) => elsewhere.has(name)).map(({ messageId }) => messageId));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
