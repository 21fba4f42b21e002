import { createHash } from 'node:crypto';
import { DEFAULT_MODEL } from './enlargement.ts';
import { upscaleModelNamed } from './models.ts';

/** Shares of jobs by model, of any sum: `websr-l-rl` 9 and `websr-m-rl` 1 give a tenth of the jobs to the latter. */
export type ModelWeights = ReadonlyMap<string, number>;

/**
 * The model that falls to a job: the same whenever it is asked for the same job and weights. Only models that enlarge as
 * was asked for, or else as the default does, take part: how large a film gets is no matter of chance. Undefined where none does.
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

/** From 0 to 1, and each as likely. */
const uniformHash = (job: string): number =>
  createHash('sha256').update(`model ${job}`).digest().readUIntBE(0, 6) / 2 ** 48;
