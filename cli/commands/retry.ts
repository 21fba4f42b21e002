import { resolve } from 'node:path';
import { usage } from '../../core/errors.ts';
import { collectedPlaces } from '../../core/job/drop.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { interruptSignal } from '../interrupt.ts';
import { millOne } from '../mill-one.ts';
import { told } from '../told.ts';
import { jobNamed, type TableOptions } from './jobs.ts';

/** Takes a job up again as it was asked for, whatever became of it. */
export async function retry(id: string, options: TableOptions): Promise<number> {
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const local = await openLocal(resolve(options.work), signal, teller.say);
  try {
    const job = await jobNamed(id, local.jobs);
    const { places, settings, source, outputPrefix } = job;
    if (!places) throw usage(`job ${id} does not say where its files lie; run it again by name`);
    const { failureKey = collectedPlaces(job.recipe, source).failureKey } = job;
    const recipe = recipeNamed(job.recipe, (await menuIn(places.sources)).recipes);
    const request = { id: job.id, source, recipe, settings, outputPrefix, failureKey, places };
    return await millOne(request, local.portsFor(places), { teller, signal, ifBusy: 'wait' });
  } finally {
    teller.end();
    local.close();
  }
}
