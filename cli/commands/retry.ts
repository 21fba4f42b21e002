import { resolve } from 'node:path';
import type { JobRequest } from '../../app/job-request.ts';
import { usage } from '../../core/errors.ts';
import { collectedPlaces } from '../../core/job/drop.ts';
import type { Job } from '../../core/job/job.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { type Local, openJobs, openLocal } from '../../runtime/local-ports.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { interruptSignal } from '../interrupt.ts';
import { millOne } from '../mill-one.ts';
import { told } from '../told.ts';
import { jobNamed, type TableOptions } from './jobs.ts';

/** Takes a job up again as it was asked for, whatever became of it. */
export const retry = (id: string, options: RetryOptions): Promise<number> =>
  again(id, options, async () => ({ remake: options.remake ?? false }));

export type RetryOptions = TableOptions & { readonly remake?: boolean };

export type AskOptions = TableOptions & { readonly views?: string; readonly downloads?: string };

/** Counts that a rendition is wanted, and makes it if it was left until then. A view, where nothing else is told. */
export function ask(id: string, rendition: string, options: AskOptions): Promise<number> {
  const { views = options.downloads === undefined ? '1' : '0', downloads = '0' } = options;
  const uses = { views: countOf('--views', views), downloads: countOf('--downloads', downloads) };
  return again(id, options, async (job, recipeNames, { demand }) => {
    if (!recipeNames.includes(rendition))
      throw usage(`${job.recipe} makes no "${rendition}"; there are: ${recipeNames.join(', ')}`);
    await demand.count(job.outputPrefix, rendition, uses, Date.now());
    return { asked: [rendition] };
  });
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw usage(`${name} ${text} is no count; it takes a whole number from 0 on`);
}

async function again(
  id: string,
  options: TableOptions,
  prepare: (job: Job, renditions: readonly string[], local: Local) => Promise<Pick<JobRequest, 'asked' | 'remake'>>,
): Promise<number> {
  const job = await jobIn(resolve(options.work), id);
  const { places, settings, source, outputPrefix } = job;
  if (!places) throw usage(`job ${id} does not say where its files lie; run it again by name`);
  const { root = places.sources } = places;
  const signal = interruptSignal();
  const teller = told({ json: options.json ?? false });
  const local = await openLocal(resolve(options.work), signal, teller.say, root);
  try {
    const { failureKey = collectedPlaces(job.recipe, source).failureKey } = job;
    const { recipes, weights } = await menuIn(root);
    const recipe = recipeNamed(job.recipe, recipes);
    const more = await prepare(
      job,
      recipe.renditions.map(({ name }) => name),
      local,
    );
    const request = { id: job.id, source, recipe, settings, outputPrefix, failureKey, places, weights, ...more };
    return await millOne(request, local.portsFor(places), { teller, signal, ifBusy: 'wait' });
  } finally {
    teller.end();
    await local.close();
  }
}

async function jobIn(work: string, id: string): Promise<Job> {
  const jobs = openJobs(work);
  try {
    return await jobNamed(id, jobs);
  } finally {
    jobs.close();
  }
}
