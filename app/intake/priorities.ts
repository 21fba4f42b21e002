import type { Job } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DemandStore } from '../../core/ports/demand-store.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import { highestPriority } from '../../core/renditions/priority.ts';

export type PriorityPorts = { readonly demand: DemandStore; readonly clock: Clock; menu(): Promise<Menu> };

/** Returns each job's priority, which is that of its most wanted rendition. */
export async function priorities(
  jobs: readonly Pick<Job, 'outputPrefix'>[],
  { demand, clock, menu }: PriorityPorts,
): Promise<readonly number[]> {
  const { weights } = await menu();
  const demands = await Promise.all(jobs.map(({ outputPrefix }) => demand.of(outputPrefix)));
  return demands.map((each) => highestPriority(each.values(), weights, clock.now()));
}
