import { createRequire } from 'node:module';
import { SetupError } from '../setup-error.mjs';
import { hasGpu, hasLarge } from './instance-types.mjs';
import { openJobs, queuesOf } from './open-jobs.mjs';
import { stackName } from './stack.mjs';

/** @type {{ VOLUMES: readonly number[] }} */
const { VOLUMES } = createRequire(import.meta.url)('../../resources/disk-sizes.cjs');

/**
 * The names of the queues that a stage has with these settings.
 * @param {string} stage
 * @param {Record<string, any>} settings  of the stage
 */
export function queuesWith(stage, settings) {
  const kinds = ['cpu', ...(hasGpu(settings) ? ['gpu'] : []), ...(hasLarge(settings) ? VOLUMES : [])];
  return kinds.flatMap((kind) => ['spot', 'on-demand'].map((market) => `${stackName(stage)}-${market}-${kind}`));
}

/**
 * Throws one sentence where jobs wait or run in queues that the deploy takes away: Batch ends all jobs of a queue that is deleted.
 * @param {{ stage: string, settings: Record<string, any> }} of
 */
export async function requireNoWorkThatEnds({ stage, settings }) {
  const { BatchClient } = await import('@aws-sdk/client-batch');
  const batch = new BatchClient({ region: settings.region });
  const stay = queuesWith(stage, settings);
  const leaving = (await queuesOf(batch, `${stackName(stage)}-`)).filter((name) => !stay.includes(name));
  const open = await openJobs(batch, leaving);
  if (open.length === 0) return;
  throw new SetupError(
    `this deploy takes away ${leaving.join(', ')}, and ${open.length} jobs that wait or run there would end with it: wait until they are done, or end them with reelmill cancel --stage ${stage}`,
    { exitCode: 75 },
  );
}
