import middy from '@middy/core';
import { startInNewMonth, stopByBudget } from '../app/dispatch/spending.ts';
import { spendingPorts } from '../runtime/aws/spending-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { isScheduled, snsEvent } from './events.ts';
import { logged } from './logged.ts';

const ports = spendingPorts(stackConfig(STACK_ENVIRONMENT['spending-stop']));

/** Stops the machines when AWS's budget says that the month's sum is spent, and starts them on the first of the next. */
export const handler = middy()
  .use(logged(ports.log, 'spending.failed'))
  .handler(async (event: unknown) => {
    if (isScheduled(event)) return startInNewMonth(ports);
    snsEvent.parse(event);
    return stopByBudget(ports);
  });
