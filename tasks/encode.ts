import process from 'node:process';
import { BURST_ENVIRONMENT, isShared, STEP_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { terminationSignal } from '../runtime/termination.ts';
import { keepYoungHeapSmall } from '../runtime/young-heap.ts';
import { TRY_AGAIN } from './exit.ts';
import { runBurstTask } from './run-burst.ts';
import { exitCodeOfThrown, runTask } from './run-task.ts';

// The container's program. The environment names the job and its step, or the burst whose jobs share the container; the exit
// code tells the outcome.
process.exit(await main().catch(exitCodeOfThrown));

async function main(): Promise<number> {
  keepYoungHeapSmall();
  const signal = terminationSignal(TRY_AGAIN);
  if (isShared()) return runBurstTask(stackConfig(BURST_ENVIRONMENT), signal);
  return runTask(stackConfig(STEP_ENVIRONMENT), signal);
}
