import process from 'node:process';
import { STEP_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { terminationSignal } from '../runtime/termination.ts';
import { keepYoungHeapSmall } from '../runtime/young-heap.ts';
import { TRY_AGAIN } from './exit.ts';
import { exitCodeOfThrown, runTask } from './run-task.ts';

// The container's program. The environment names the job and its step; the exit code tells the outcome.
process.exit(await main().catch(exitCodeOfThrown));

async function main(): Promise<number> {
  keepYoungHeapSmall();
  const signal = terminationSignal(TRY_AGAIN);
  return runTask(stackConfig(STEP_ENVIRONMENT), signal);
}
