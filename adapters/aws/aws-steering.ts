import { type BatchClient, TerminateJobCommand } from '@aws-sdk/client-batch';
import { type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { CANCELLED_REASON } from '../../core/dispatch/task-failure.ts';
import { ServiceError } from '../../core/errors.ts';
import { askedAgain } from '../../core/job/backfilled.ts';
import { isInvocation } from '../../core/job/invocation.ts';
import type { Steering } from '../../core/ports/steering.ts';
import { asking, unless } from './aws-failure.ts';
import { sendDrops } from './drops-queue.ts';

type SteeringClients = { readonly batch: BatchClient; readonly sfn: SFNClient; readonly sqs: SQSClient };

/**
 * Steers jobs from the API, which sends none itself: a job that was queued again is delivered to on-drop as if S3 told of
 * its source, and `sweep` finds one whose message is lost.
 */
export function awsSteering({ batch, sfn, sqs }: SteeringClients, QueueUrl: string): Steering {
  return {
    retry: (job) => asking(`send job ${job.id} again`, () => sendDrops(sqs, QueueUrl, [askedAgain(job)], 'Retry')),
    stop: ({ id, sent }) =>
      asking(`end job ${id}`, async () => {
        if (!sent) return false;
        const { reference } = sent;
        if (isInvocation(reference))
          throw new ServiceError('usage', `job ${id} runs at an endpoint, which cannot be told to stop; let it end`);
        const answer = reference.includes(':states:')
          ? await unless(
              'ExecutionDoesNotExist',
              sfn.send(new StopExecutionCommand({ executionArn: reference, cause: CANCELLED_REASON })),
            )
          : await batch.send(new TerminateJobCommand({ jobId: reference, reason: CANCELLED_REASON }));
        return answer !== undefined;
      }),
  };
}
