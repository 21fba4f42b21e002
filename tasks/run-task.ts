import process from 'node:process';
import { type JobStep, runStep } from '../app/run/run-step.ts';
import { asServiceError, FAILURES } from '../core/errors.ts';
import type { Menu } from '../core/recipes/menu.ts';
import { type ContainerShare, openTask, type StepConfig } from '../runtime/aws/open-task.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { exitCodeOf, TRY_AGAIN } from './exit.ts';

type TaskOptions = {
  /** Adapts the menu to this container. */
  menu?(menu: Menu): Menu;
  /** How this container is shared with other jobs; undefined if the job has it for itself. */
  readonly sharing?: ContainerShare;
};

/** Runs one step of a job, from the bucket to the bucket, and returns the exit code. */
export async function runTask(
  config: StepConfig,
  signal: AbortSignal,
  { menu = (same) => same, sharing }: TaskOptions = {},
): Promise<number> {
  const { ports, log, networks } = await openTask(stackConfig(STACK_ENVIRONMENT.task), config, signal, sharing);
  try {
    const { JOB_ID: job, REELMILL_STEP: step, AWS_BATCH_JOB_ARRAY_INDEX: index = '0' } = config;
    const request: JobStep = step === 'segment' ? { job, step, index: Number(index) } : { job, step };
    const here = { ...ports, menu: async () => menu(await ports.menu()) };
    const outcome = await runStep(request, here, { signal, onEvent: log.onEvent });
    const usage = sharing ? undefined : await ports.usage(); // what all used is not what this job used
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
