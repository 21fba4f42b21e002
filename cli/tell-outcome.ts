import type { JobRequest } from '../app/job-request.ts';
import { publishedManifest } from '../app/published-manifest.ts';
import type { RunOutcome } from '../app/run-job.ts';
import type { Ports } from '../core/ports/ports.ts';
import { printable } from './printable.ts';
import { summary } from './summary.ts';
import type { Teller } from './teller.ts';

/** Tells people the outcome of a job, and returns the exit code. */
export async function tellOutcome(
  outcome: RunOutcome,
  { outputPrefix }: Pick<JobRequest, 'outputPrefix'>,
  { outputs }: Pick<Ports, 'outputs'>,
  teller: Teller,
): Promise<number> {
  const folder = outputs.locate(outputPrefix);
  switch (outcome.status) {
    case 'failed':
      return outcome.exitCode; // the event job.failed has told people why
    case 'unchanged':
      teller.say(`  unchanged: ${printable(folder)}`);
      return 0;
    case 'done': {
      const manifest = await publishedManifest({ outputPrefix }, { outputs });
      if (manifest) teller.say(summary(manifest, folder));
      return 0;
    }
    case 'busy':
      return 0; // the process that works on the job tells people
    default:
      return outcome satisfies never;
  }
}
