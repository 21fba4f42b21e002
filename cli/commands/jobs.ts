import process from 'node:process';
import { ServiceError, usage } from '../../core/errors.ts';
import { type Job, jobIdPattern } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { openJobs } from '../../runtime/local-ports.ts';
import { widthOf } from '../../runtime/people.ts';
import { existingWorkFolder } from '../../runtime/work-folder.ts';
import { fittedText } from '../display-width.ts';
import { resultName } from '../film-name.ts';
import { fittedTable } from '../fitted-table.ts';
import { printable } from '../printable.ts';

export type TableOptions = { readonly work?: string | undefined; readonly json?: boolean };

export async function jobs(options: TableOptions & { readonly limit: string }): Promise<number> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw usage(`--limit ${options.limit} is not a number of jobs; it takes 1 or more`);
  const store = openJobs(workOf(options));
  try {
    const list = await store.list(limit);
    process.stdout.write(options.json ? list.map((job) => `${JSON.stringify(job)}\n`).join('') : `${tableOf(list)}\n`);
    return 0;
  } finally {
    store.close();
  }
}

export async function show(id: string, options: TableOptions): Promise<number> {
  const store = openJobs(workOf(options, id));
  try {
    const job = await jobNamed(id, store);
    process.stdout.write(`${options.json ? JSON.stringify(job) : factsOf(job)}\n`);
    return 0;
  } finally {
    store.close();
  }
}

/** Returns the work folder of a job table that is there. Throws `usage` if none is named, or a job in one that is not there. */
export function workOf({ work }: TableOptions, id?: string): string {
  if (id !== undefined) refuseBadId(id);
  if (work === undefined) throw usage('name the folder of results: --work DIR (--out of run, ROOT of watch)');
  const found = existingWorkFolder(work);
  if ('path' in found) return found.path;
  if (id !== undefined) throw usage(`no job "${id}": ${found.why}`);
  throw new ServiceError('no-input', found.why);
}

function refuseBadId(id: string): void {
  if (jobIdPattern.test(id)) return;
  throw usage(`"${printable(id)}" is not the id of a job; ids are hexadecimal (see reelmill jobs)`);
}

const MOST = 100_000;

/** Returns the job whose id begins with `id`. Throws `usage` if there is none, or more than one. */
export async function jobNamed(id: string, store: JobStore): Promise<Job> {
  refuseBadId(id);
  const found = (await store.list(MOST)).filter((job) => job.id.startsWith(id));
  const [job] = found;
  if (!job) throw usage(`no job "${id}" in this work folder; reelmill jobs --work lists its jobs`);
  if (found.length > 1) throw usage(`${found.length} ids begin with "${id}"; give more of the id`);
  return job;
}

function tableOf(list: readonly Job[]): string {
  const rows = list.map((job) => [
    job.id.slice(0, 12),
    job.recipe,
    printable(sourceOf(job)),
    statusOf(job.state),
    localTime(job.updatedMs),
  ]);
  return fittedTable(['job', 'recipe', 'source', 'status', 'since'], rows, widthOf(process.stdout));
}

/** The source, and its result's name where this was told apart from another's. */
function sourceOf(job: Job): string {
  const result = resultName(job);
  return result === undefined ? job.source : `${job.source} -> ${result}`;
}

function statusOf(state: Job['state']): string {
  if (state.status === 'running') return `running, ${state.segments.done} of ${state.segments.total} segments`;
  if (state.status === 'restoring') return `restoring, expected by ${localTime(state.expectedMs)}`;
  return state.status === 'failed' ? `failed (${state.code})` : state.status;
}

function factsOf(job: Job): string {
  const rows: readonly (readonly [string, string])[] = [
    ['job', job.id],
    ['recipe', job.recipe],
    ['source', printable(job.source)],
    ['settings', JSON.stringify(job.settings)],
    ['status', statusOf(job.state)],
    ...(job.state.status === 'failed' ? [['reason', printable(job.state.reason)] as const] : []),
    ['results', printable(job.outputPrefix)],
    ...job.published.map(({ key, bytes }) => ['published', `${printable(key)} (${bytes} bytes)`] as const),
    ['made', localTime(job.createdMs)],
    ['changed', localTime(job.updatedMs)],
  ];
  const width = widthOf(process.stdout);
  return rows.map(([name, value]) => fittedText(`${name.padEnd(10)} ${value}`, width, 11)).join('\n');
}

/** The local time, as 2026-11-21 14:43:27. */
const localTime = (ms: number) => new Date(ms).toLocaleString('sv-SE');
