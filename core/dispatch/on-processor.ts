import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { SourceOutline } from '../film/source-outline.ts';
import { modelOf } from '../upscale/enlargement.ts';
import { framesOf, pixelsOf, UPSCALE_ON_CPU_SIZE } from './route.ts';

/** Half of what one container may work (12 hours, resources/batch-encode.yml): the estimate is one. */
export const LONGEST_ON_PROCESSOR_SECONDS = 6 * 3600;

/** Why what a graphics card would do in minutes is not done by a processor; undefined where it is. */
export function refusedOnProcessor(renditions: readonly RenditionSpec[], facts: SourceOutline): string | undefined {
  const [enlarged] = renditions.flatMap(({ enlarge }) => (enlarge ? [enlarge] : []));
  if (!enlarged) return undefined;
  const { id, speed } = modelOf(enlarged);
  const seconds = (framesOf(facts) * pixelsOf(facts)) / (speed * 1e6 * UPSCALE_ON_CPU_SIZE.vcpu);
  if (seconds <= LONGEST_ON_PROCESSOR_SECONDS) return undefined;
  const [hours, most] = [seconds, LONGEST_ON_PROCESSOR_SECONDS].map((each) => Math.ceil(each / 3600));
  return `it would take the model ${id} about ${hours} hours on a processor, where at most ${most} are spent on one film; drop a shorter one, name a faster model, or use a stack with graphics cards (maxGpuVcpus)`;
}
