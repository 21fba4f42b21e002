import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { GraphNode } from '../../core/renditions/graph.ts';
import { type DeferredRendition, divideByPriority } from '../../core/renditions/on-demand.ts';
import { DEFAULT_WEIGHTS, NO_DEMAND, priorityOf } from '../../core/renditions/priority.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';

export type Chosen<Node extends GraphNode = RenditionSpec> = {
  readonly made: readonly Node[];
  readonly deferred: readonly DeferredRendition[];
};

/** The settings, and in `there` the names of renditions that are up to date and stay. */
type Wish = { readonly settings: Partial<Settings>; readonly there: readonly string[] };

/** Splits a recipe's renditions into those that a run makes and those that are deferred until they are requested. */
export async function chooseRenditions<Node extends GraphNode>(
  all: readonly Node[],
  { outputPrefix, weights = DEFAULT_WEIGHTS, asked = [] }: Pick<JobRequest, 'outputPrefix' | 'weights' | 'asked'>,
  { demand, clock }: Pick<Ports, 'demand' | 'clock'>,
  { settings, there }: Wish,
): Promise<Chosen<Node>> {
  const below = settings.onDemandBelow ?? 0;
  if (below === 0) return { made: all, deferred: [] };
  const demands = await demand.of(outputPrefix);
  const now = clock.now();
  return divideByPriority(all, {
    below,
    anyway: new Set([...asked, ...there]),
    priorityOf: (name) => priorityOf(demands.get(name) ?? NO_DEMAND, weights, now),
  });
}
