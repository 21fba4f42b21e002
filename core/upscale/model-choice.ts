import { createHash } from 'node:crypto';
import { DEFAULT_MODEL } from './enlargement.ts';
import { upscaleModelNamed } from './models.ts';

/**
 * The share of jobs for each model. The shares may have any sum: `websr-l-rl` 9 and `websr-m-rl` 1 give the latter a
 * tenth of the jobs.
 */
export type ModelWeights = ReadonlyMap<string, number>;

/**
 * The model for a job, always the same one for the same job and weights. Only models with the wanted scale, or else
 * with the default model's scale, take part, since the size of a film must not depend on chance. Undefined where no
 * model takes part.
 */
export function modelByWeight(
  job: string,
  weights: ModelWeights,
  scale = upscaleModelNamed(DEFAULT_MODEL).scale,
): string | undefined {
  const shares = [...weights]
    .filter(([id, weight]) => weight > 0 && upscaleModelNamed(id).scale === scale)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  let left = uniformHash(job) * shares.reduce((sum, [, weight]) => sum + weight, 0);
  const drawn = shares.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  return (drawn ?? shares.at(-1))?.[0];
}

/** A number in [0, 1) that follows from the job's id, with equal probability for all numbers. */
const uniformHash = (job: string): number =>
  createHash('sha256').update(`model ${job}`).digest().readUIntBE(0, 6) / 2 ** 48;
