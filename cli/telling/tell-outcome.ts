import type { JobRequest } from '../../app/job-request.ts';
import { publishedManifest } from '../../app/published-manifest.ts';
import type { RunOutcome } from '../../app/run/run-job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { filmName, resultName } from './film-name.ts';
import { fateIn, fateOfFailure } from './film-result.ts';
import type { Teller } from './teller.ts';

/** Tells people the outcome of a job, and returns the exit code. */
export async function tellOutcome(
  outcome: RunOutcome,
  request: JobRequest,
  { outputs }: Pick<Ports, 'outputs'>,
  teller: Teller,
): Promise<number> {
  const { outputPrefix } = request;
  const folder = outputs.locate(outputPrefix);
  const job = { ...request, recipe: request.recipe.id };
  const film = { source: filmName(job), recipe: job.recipe };
  switch (outcome.status) {
    case 'failed':
      teller.finished({ ...film, ...fateOfFailure(outcome) });
      return outcome.exitCode;
    case 'unchanged':
      teller.finished({ ...film, fate: 'unchanged', resultOf: outcome.resultOf });
      return 0;
    case 'done': {
      const manifest = await publishedManifest({ outputPrefix }, { outputs });
      if (!manifest) return 0;
      const result = resultName({ ...job, published: outcome.published });
      teller.finished({ ...film, result, ...fateIn(manifest) }, { manifest, folder });
      for (const { name, priority } of manifest.deferred ?? [])
        teller.say(
          `${name} waits until it is asked for (priority ${priority}): reelmill ask ${manifest.job.slice(0, 12)} ${name}`,
        );
      return 0;
    }
    case 'busy':
      return 0; // the process that works on the job tells people
    default:
      return outcome satisfies never;
  }
}
