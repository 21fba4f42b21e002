import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SendJob } from '../app/dispatch/send-job.ts';
import { together } from '../app/dispatch/send-together.ts';
import { refuseUndecodable } from '../app/intake/refuse-drop.ts';
import { takeDrop } from '../app/intake/take-drop.ts';
import type { JobId } from '../core/job/job.ts';
import { droppingPorts } from '../runtime/aws/dropping-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { droppedKeys, sqsEvent } from './events.ts';
import { failureFields } from './logged.ts';

const ports = droppingPorts(stackConfig(STACK_ENVIRONMENT['on-drop']));
const logger = (reason: unknown) => ports.log.error('drop.failed', failureFields(reason));

/** How many messages are taken in at the same time: each may start a workflow or a container of its own. */
const AT_ONCE = 10;

/**
 * Makes a job of each drop in a batch of messages, and sends the small ones of the batch together. If a drop of a message fails, SQS
 * delivers only that message again.
 */
export const handler = middy()
  .use(sqsPartialBatchFailure({ logger }))
  .handler(async (event: unknown) => {
    const { Records } = sqsEvent.parse(event);
    const others = together(ports);
    const taken = await settledInTurn(Records, ({ body }) => take(body, others.send));
    const failed = await others.sendAll();
    return taken.map((each) => {
      const unsent = each.status === 'fulfilled' && each.value.find((job) => failed.has(job));
      return unsent ? { status: 'rejected' as const, reason: failed.get(unsent) } : each;
    });
  });

/** Takes the drops of a message, and returns their jobs. */
async function take(body: string, send: SendJob): Promise<readonly JobId[]> {
  const ids: JobId[] = [];
  for (const dropped of droppedKeys(body)) {
    const isKey = 'key' in dropped;
    const key = isKey ? dropped.key : dropped.undecodable;
    const intake = { ...ports, send };
    const taken = isKey
      ? await takeDrop(key, intake, dropped.to, dropped.settings)
      : await refuseUndecodable(key, intake);
    if ('jobs' in taken) ids.push(...taken.jobs.map(({ id }) => id));
    ports.log.info(`drop.${taken.outcome}`, { key });
  }
  return ids;
}

async function settledInTurn<T, R>(
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly PromiseSettledResult<R>[]> {
  const settled: PromiseSettledResult<R>[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    settled.push(...(await Promise.allSettled(all.slice(at, at + AT_ONCE).map(work))));
  return settled;
}
