import middy from '@middy/core';
import { sweep } from '../app/dispatch/sweep.ts';
import { sweepingPorts } from '../runtime/aws/sweeping-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { logged } from './logged.ts';

const ports = sweepingPorts(stackConfig(STACK_ENVIRONMENT.sweep));

/** Finds, every hour, jobs that were never finished and resources that were left behind. */
export const handler = middy()
  .use(logged(ports.log, 'sweep.failed'))
  .handler(async () => {
    const { leaks, ...swept } = await sweep(ports);
    ports.log.info('swept', { ...swept, leaks: leaks.length });
  });
