import { ServiceError, usage } from '../../core/errors.ts';
import { type Job, jobIdPattern, LEAST_ID_CHARACTERS } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { openJobs } from '../../runtime/local-ports.ts';
import { existingWorkFolder } from '../../runtime/work-folder.ts';
import { printable } from '../terminal/printable.ts';
import type { StageOptions } from './stage-options.ts';

export type TableOptions = StageOptions & { readonly work?: string | undefined; readonly json?: boolean };

/** The jobs of a work folder, or those of a stage. */
type OpenTable = Pick<JobStore, 'get' | 'list' | 'idsBeginning'> & { close(): void };

/** Opens the job table of the folder or the stage that is named. Throws as `workOf`, and for a stage that is not there. */
export async function openTable(options: TableOptions, id?: string): Promise<OpenTable> {
  if (options.stage === undefined) return openJobs(workOf(options, id));
  if (id !== undefined) refuseBadId(id);
  refuseFolder(options);
  const { openStage } = await import('./open-stage.ts');
  const { jobs, close } = await openStage(options.stage, options);
  return { ...jobs, close };
}

/** Throws `usage` where both a folder and a stage are named. */
export function refuseFolder({ work }: Pick<TableOptions, 'work'>): void {
  if (work !== undefined)
    throw usage(`name either the folder of results (${printable(work)}) or --stage, and not both`);
}

/** Returns the work folder of a job table that is there. Throws `usage` if none is named, or a job in one that is not there. */
export function workOf({ work }: Pick<TableOptions, 'work'>, id?: string): string {
  if (id !== undefined) refuseBadId(id);
  if (work === undefined)
    throw usage('name the folder of results: --work DIR (--out of run, ROOT of watch), or a deployed stage: --stage S');
  const found = existingWorkFolder(work);
  if ('path' in found) return found.path;
  if (id !== undefined) throw usage(`no job "${id}": ${found.why}`);
  throw new ServiceError('no-input', found.why);
}

function refuseBadId(id: string): void {
  if (jobIdPattern.test(id)) return;
  throw usage(`"${printable(id)}" is not the id of a job; ids are hexadecimal (see reelmill jobs)`);
}

/** Throws `usage` for so little of an id that a slip of the hand may give it. */
export function refuseShortId(id: string): void {
  if (id.length < LEAST_ID_CHARACTERS)
    throw usage(
      `"${id}" is too little of an id; give at least ${LEAST_ID_CHARACTERS} characters of it (see reelmill jobs)`,
    );
}

/** As many ids are looked at to tell how many begin alike. */
const MOST = 100;

/** Returns the job whose id begins with `id`. Throws `usage` if there is none, or more than one, or if so little of the id is given. */
export async function jobNamed(
  id: string,
  store: Pick<JobStore, 'get' | 'idsBeginning'>,
  { stage }: Pick<TableOptions, 'stage'> = {},
): Promise<Job> {
  refuseBadId(id);
  const found = await store.idsBeginning(id, MOST);
  if (found.length > 0) refuseShortId(id);
  if (found.length > 1)
    throw usage(`${found.length === MOST ? 'many' : found.length} ids begin with "${id}"; give more of the id`);
  const job = found[0] && (await store.get(found[0]));
  if (job) return job;
  const [where, how] =
    stage === undefined ? ['in this work folder', '--work'] : [`in the stage ${stage}`, `--stage ${stage}`];
  throw usage(`no job "${id}" ${where}; reelmill jobs ${how} lists its jobs`);
}
