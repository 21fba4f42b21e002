import { askForRendition, type DemandPorts, takeAgain } from '../../app/intake/take-again.ts';
import { usage } from '../../core/errors.ts';
import type { Job } from '../../core/job/job.ts';
import { cacheLimit } from '../../runtime/cache-limit.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { openJobs, openLocal } from '../../runtime/local-ports.ts';
import { menuIn } from '../../runtime/menu-in.ts';
import { keepPace } from '../../runtime/pace.ts';
import { filmsAsked } from '../films/films-asked.ts';
import { workHere } from '../films/work-here.ts';
import { jobNamed, type TableOptions, workOf } from '../stage/job-table.ts';
import { newTeller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';

type TellingOptions = TableOptions & { readonly cache?: string; readonly quiet?: boolean; readonly verbose?: boolean };

export type RetryOptions = TellingOptions & { readonly remake?: boolean };

/** Runs a job again as it was asked for, whatever its state is. */
export async function retry(id: string, options: RetryOptions): Promise<number> {
  const { stage } = options;
  if (stage === undefined) return again(id, options, takeAgain);
  return (await import('../stage/steer-stage.ts')).retryOnStage(id, { ...options, stage });
}

export type AskOptions = TellingOptions & { readonly views?: string; readonly downloads?: string };

/** Counts a request for a rendition, one view by default, and makes the rendition if it was deferred. */
export async function ask(id: string, rendition: string, options: AskOptions): Promise<number> {
  const { views = options.downloads === undefined ? '1' : '0', downloads = '0' } = options;
  const uses = { views: countOf('--views', views), downloads: countOf('--downloads', downloads) };
  const { stage } = options;
  if (stage !== undefined)
    return (await import('../stage/steer-stage.ts')).askStage(id, rendition, uses, { ...options, stage });
  return again(id, options, (job, ports) => askForRendition(job, rendition, uses, ports));
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw usage(`${name} ${text} is not a count; it takes a whole number, 0 or more`);
}

async function again(
  id: string,
  options: RetryOptions,
  take: (job: Job, ports: DemandPorts) => Promise<void>,
): Promise<number> {
  const work = workOf(options, id);
  const job = await jobIn(work, id);
  const { places } = job;
  if (!places) throw usage(`job ${id} does not say where its files are; use reelmill run with the file's name`);
  const { root = places.sources } = places;
  const signal = interruptSignal();
  const teller = newTeller(options);
  const local = await openLocal(work, signal, teller.say, root);
  keepPace({ work, signal, report: teller.say });
  const menu = () => menuIn(root);
  const onMade = cacheLimit(work, local, options.cache);
  const films = filmsAsked(undefined);
  const here = workHere({ local, teller, signal, menu, films, ifBusy: 'wait', remake: options.remake, onMade });
  try {
    await take(job, { ...folderIntake(local, places, menu), send: here.send });
    await here.idle();
    return here.exitCode();
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
