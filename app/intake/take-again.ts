import { usage } from '../../core/errors.ts';
import type { Job } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DemandStore, Uses } from '../../core/ports/demand-store.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import type { SendJob } from '../dispatch/send-job.ts';

type AgainPorts = { readonly send: SendJob };

/** Takes a job up again with its settings, whatever its outcome was, and makes the renditions that are named. */
export async function takeAgain(job: Job, { send }: AgainPorts, asked: readonly string[] = []): Promise<void> {
  const state = { status: 'queued', ...(asked.length > 0 && { asked: [...asked] }) } as const;
  await send({ ...job, state }, 'again');
}

export type DemandPorts = AgainPorts & { readonly demand: DemandStore; readonly clock: Clock; menu(): Promise<Menu> };

/** Counts uses of a rendition, and makes it if it was deferred. Throws `usage` for an unknown rendition. */
export async function askForRendition(job: Job, rendition: string, uses: Uses, ports: DemandPorts): Promise<void> {
  const { recipes } = await ports.menu();
  const names = recipeNamed(job.recipe, recipes).renditions.map(({ name }) => name);
  if (!names.includes(rendition)) throw usage(`${job.recipe} makes no "${rendition}"; there are: ${names.join(', ')}`);
  await ports.demand.count(job.outputPrefix, rendition, uses, ports.clock.now());
  await takeAgain(job, ports, [rendition]);
}
