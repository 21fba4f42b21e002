import { type BatchClient, UpdateComputeEnvironmentCommand } from '@aws-sdk/client-batch';
import { asking } from './aws-failure.ts';

/**
 * The compute environments of a stage. While one is disabled, Batch starts nothing on it, and what runs goes on to its end.
 * Queues stay enabled: a disabled queue would refuse the steps of workflows, and go on with what is in it.
 */
export function computeEnvironments(client: BatchClient, arns: readonly string[]) {
  return {
    async setRunning(isRunning: boolean): Promise<void> {
      const state = isRunning ? 'ENABLED' : 'DISABLED';
      for (const computeEnvironment of arns) {
        await asking(`set ${computeEnvironment} to ${state}`, () =>
          client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state })),
        );
      }
    },
  };
}
