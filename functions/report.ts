import middy from '@middy/core';
import { report } from '../app/archive/report.ts';
import { reportPorts } from '../runtime/aws/report-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { logged } from './logged.ts';

const ports = reportPorts(stackConfig(STACK_ENVIRONMENT.report));

/** Writes and announces the monthly report on the stack's condition and cost. */
export const handler = middy()
  .use(logged(ports.log, 'report.failed'))
  .handler(async () => {
    const { month } = await report(ports);
    ports.log.info('reported', { month });
  });
