import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { SourceOutline } from '../film/source-outline.ts';
import { modelOf } from '../upscale/enlargement.ts';
import { framesOf, pixelsOf } from './film-figures.ts';
import { UPSCALE_ON_CPU_SIZE } from './route.ts';

/** Half of the time that a container may run (12 hours, resources/batch-encode.yml), because the time is only estimated. */
const LONGEST_ON_PROCESSOR_SECONDS = 6 * 3600;

/** Returns why a processor would take too long to enlarge this film; undefined if it is fast enough or nothing is enlarged. */
export function refusedOnProcessor(renditions: readonly RenditionSpec[], facts: SourceOutline): string | undefined {
  const [enlarged] = renditions.flatMap(({ enlarge }) => (enlarge ? [enlarge] : []));
  if (!enlarged) return undefined;
  const { id, speed } = modelOf(enlarged);
  const seconds = (framesOf(facts) * pixelsOf(facts)) / (speed * 1e6 * UPSCALE_ON_CPU_SIZE.vcpu);
  if (seconds <= LONGEST_ON_PROCESSOR_SECONDS) return undefined;
  const [hours, most] = [seconds, LONGEST_ON_PROCESSOR_SECONDS].map((each) => Math.ceil(each / 3600));
  return `the model ${id} would take about ${hours} hours on a processor, and one film may take at most ${most}; drop a shorter film, name a faster model, or use a stack with graphics cards (maxGpuVcpus)`;
}
