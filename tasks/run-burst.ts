import { runBurst } from '../app/run/run-burst.ts';
import type { ListedJob } from '../core/job/burst-list.ts';
import { type BurstConfig, openBurst } from '../runtime/aws/open-burst.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { TRY_AGAIN } from './exit.ts';
import { exitCodeOfThrown, runTask } from './run-task.ts';

/** How long after somebody cancelled a job its container ends the work on it. */
const LOOK_MS = 5_000;

/**
 * Does the jobs of a container that several share, each as `runTask` does the one of a container of its own. Returns 0 when all have
 * come to their end, well or badly, as their rows tell; else the exit code by which Batch tries the container again.
 */
export async function runBurstTask(config: BurstConfig, signal: AbortSignal): Promise<number> {
  const { listed, films, jobs } = await openBurst(stackConfig(STACK_ENVIRONMENT.task), config);
  const { REELMILL_BURST: name, AWS_BATCH_JOB_ARRAY_INDEX: _, ...container } = config;
  const sharing = { films: listed.length, atOnce: Math.min(films.most, listed.length) };
  const run = ({ job, key }: ListedJob, until: AbortSignal) =>
    runTask({ ...container, REELMILL_STEP: 'all', JOB_ID: job, S3_KEY: key }, until, { sharing }).catch(
      exitCodeOfThrown,
    );
  const exits = await runBurst(listed, { name, films, jobs, signal, lookMs: LOOK_MS, run });
  if (signal.aborted || exits.includes(TRY_AGAIN)) return TRY_AGAIN;
  return exits[0] ?? 0;
}
