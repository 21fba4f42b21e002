import process from 'node:process';
import { type JobStep, runStep } from '../app/run-step.ts';
import { asServiceError, FAILURES } from '../core/errors.ts';
import type { Menu } from '../core/recipes/menu.ts';
import { openTask, type StepConfig } from '../runtime/aws/open-task.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { exitCodeOf, TRY_AGAIN } from './exit.ts';

/** Runs one step of a job, from the bucket to the bucket, and returns the exit code. `menu` may adapt the menu to this container. */
export async function runTask(
  config: StepConfig,
  signal: AbortSignal,
  menu: (menu: Menu) => Menu = (same) => same,
): Promise<number> {
  const { ports, log, networks } = await openTask(stackConfig(STACK_ENVIRONMENT.task), config, signal);
  try {
    const { JOB_ID: job, REELMILL_STEP: step, AWS_BATCH_JOB_ARRAY_INDEX: index = '0' } = config;
    const request: JobStep = step === 'segment' ? { job, step, index: Number(index) } : { job, step };
    const here = { ...ports, menu: async () => menu(await ports.menu()) };
    const outcome = await runStep(request, here, { signal, onEvent: log.onEvent });
    const usage = await ports.usage();
    if (usage && (step === 'all' || step === 'join')) await ports.jobs.note(job, { usage });
    log.add('task.ended', { ...outcome, usage });
    return exitCodeOf(outcome);
  } finally {
    await networks.close();
    await log.close();
  }
}

/** Writes an error to stderr and returns its exit code, for errors that could not be recorded in the job. */
export function exitCodeOfThrown(thrown: unknown): number {
  const { code, message } = asServiceError(thrown);
  process.stderr.write(`${code}: ${message}\n`);
  return FAILURES[code].retry === 'again' ? TRY_AGAIN : FAILURES[code].exit;
}
