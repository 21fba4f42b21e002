import middy from '@middy/core';
import { settleBurst } from '../app/dispatch/settle-burst.ts';
import { notePartFailure, settleJob } from '../app/dispatch/settle-job.ts';
import { settlingPorts } from '../runtime/aws/settling-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { type JobChange, jobsChanged } from './events.ts';
import { logged } from './logged.ts';

const ports = settlingPorts(stackConfig(STACK_ENVIRONMENT['on-job-change']));

/** Records how a job ended when its container, its workflow or its invocation of the endpoint has ended. */
export const handler = middy()
  .use(logged(ports.log, 'job.unsettled'))
  .handler(async (event: unknown) => {
    for (const change of jobsChanged(event)) await take(change);
  });

async function take(change: JobChange): Promise<void> {
  switch (change.kind) {
    case 'ending':
      return ports.log.info('job.ended', {
        job: change.ending.job,
        settlement: await settleJob(change.ending, ports),
      });
    case 'burst': {
      const { burst, index } = change.ending;
      return ports.log.info('burst.ended', { burst, index, settlements: await settleBurst(change.ending, ports) });
    }
    case 'part':
      return notePartFailure(change.ending, ports);
    case 'progress':
      return;
    default:
      return change satisfies never;
  }
}
