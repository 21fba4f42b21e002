import process from 'node:process';
import { usage } from '../../core/errors.ts';
import type { Job } from '../../core/job/job.ts';
import { isPaused } from '../../runtime/pace.ts';
import { widthOf } from '../../runtime/people.ts';
import { jobNamed, openTable, type TableOptions, workOf } from '../stage/job-table.ts';
import { resultName } from '../telling/film-name.ts';
import { fittedText } from '../terminal/display-width.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { printable } from '../terminal/printable.ts';

/** Prints the newest jobs of a work folder or a stage, at most `--limit`. Returns the exit code; throws `usage`. */
export async function jobs(options: TableOptions & { readonly limit: string }): Promise<number> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw usage(`--limit ${options.limit} is not a number of jobs; it takes 1 or more`);
  const store = await openTable(options);
  try {
    const list = await store.list(limit);
    process.stdout.write(
      options.json ? list.map((job) => `${JSON.stringify(job)}\n`).join('') : `${tableOf(list, isHeld(options))}\n`,
    );
    return 0;
  } finally {
    store.close();
  }
}

/** Prints all that the job table knows of one job. Returns the exit code; throws `usage` where there is no such job. */
export async function show(id: string, options: TableOptions): Promise<number> {
  const store = await openTable(options, id);
  try {
    const job = await jobNamed(id, store, options);
    process.stdout.write(`${options.json ? JSON.stringify(job) : factsOf(job, isHeld(options))}\n`);
    return 0;
  } finally {
    store.close();
  }
}

/** Whether somebody has paused the work folder of these jobs; those of a stage cannot be paused. */
const isHeld = (options: TableOptions) => options.stage === undefined && isPaused(workOf(options));

function tableOf(list: readonly Job[], isHeldNow: boolean): string {
  const rows = list.map((job) => [
    job.id.slice(0, 12),
    job.recipe,
    printable(sourceOf(job)),
    statusOf(job.state, isHeldNow),
    localTime(job.updatedMs),
  ]);
  return fittedTable(['job', 'recipe', 'source', 'status', 'since'], rows, widthOf(process.stdout));
}

/** The source, and its result's name where this was told apart from another's. */
function sourceOf(job: Job): string {
  const result = resultName(job);
  return result === undefined ? job.source : `${job.source} -> ${result}`;
}

function statusOf(state: Job['state'], isHeldNow: boolean): string {
  const working = isHeldNow ? 'paused' : 'running';
  if (state.status === 'running') return `${working}, ${state.segments.done} of ${state.segments.total} segments`;
  if (state.status === 'restoring') return `restoring, expected by ${localTime(state.expectedMs)}`;
  return state.status === 'failed' ? `failed (${state.code})` : state.status;
}

function factsOf(job: Job, isHeldNow: boolean): string {
  const rows: readonly (readonly [string, string])[] = [
    ['job', job.id],
    ['recipe', job.recipe],
    ['source', printable(job.source)],
    ['settings', JSON.stringify(job.settings)],
    ['status', statusOf(job.state, isHeldNow)],
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
