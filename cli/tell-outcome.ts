import type { JobRequest } from '../app/job-request.ts';
import { publishedManifest } from '../app/published-manifest.ts';
import type { RunOutcome } from '../app/run-job.ts';
import type { Ports } from '../core/ports/ports.ts';
import { printable } from './printable.ts';
import { summary } from './summary.ts';
import type { Teller } from './told.ts';

/** Tells people what became of a job; returns the exit code. */
export async function tellOutcome(
  outcome: RunOutcome,
  { outputPrefix }: Pick<JobRequest, 'outputPrefix'>,
  { outputs }: Pick<Ports, 'outputs'>,
  teller: Teller,
): Promise<number> {
  const folder = outputs.locate(outputPrefix);
  switch (outcome.status) {
    case 'failed':
      return outcome.exitCode; // its event told of it
    case 'unchanged':
      teller.say(`  unchanged: ${printable(folder)}`);
      return 0;
    case 'done': {
      const manifest = await publishedManifest({ outputPrefix }, { outputs });
      if (manifest) teller.say(summary(manifest, folder));
      return 0;
    }
    case 'busy':
      return 0; // whoever has it tells of it
    default:
      return outcome satisfies never;
  }
}
