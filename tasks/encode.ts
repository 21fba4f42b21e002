import process from 'node:process';
import { type Errand, runErrand } from '../app/run-errand.ts';
import { asServiceError, FAILURES } from '../core/errors.ts';
import { openTask } from '../runtime/aws/open-task.ts';
import { ERRAND_ENVIRONMENT, STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { terminationSignal } from '../runtime/termination.ts';
import { exitCodeOf, TRY_AGAIN } from './exit.ts';

// The container's program: the environment says which job and which step of it; the exit code says what became of it.
process.exit(await main().catch(inVain));

async function main(): Promise<number> {
  const signal = terminationSignal(TRY_AGAIN);
  const config = stackConfig(ERRAND_ENVIRONMENT);
  const { ports, log, machine, networks } = await openTask(stackConfig(STACK_ENVIRONMENT.task), config, signal);
  try {
    const { JOB_ID: job, REELMILL_STEP: step, AWS_BATCH_JOB_ARRAY_INDEX: index = '0' } = config;
    const errand: Errand = step === 'segment' ? { job, step, index: Number(index) } : { job, step };
    const outcome = await runErrand(errand, ports, { signal, onEvent: log.onEvent });
    const usage = await machine.usage((await ports.jobs.get(job))?.sent?.atMs);
    if (usage && (step === 'all' || step === 'join')) await ports.jobs.note(job, { usage });
    log.add('task.ended', { ...outcome, usage });
    return exitCodeOf(outcome);
  } finally {
    await networks.close();
    await log.close();
  }
}

/** For what went wrong before there was a job to write it into, or with the job table: Batch shows it as the exit code. */
function inVain(thrown: unknown): number {
  const { code, message } = asServiceError(thrown);
  process.stderr.write(`${code}: ${message}\n`);
  return FAILURES[code].retry === 'again' ? TRY_AGAIN : FAILURES[code].exit;
}
