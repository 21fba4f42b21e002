import { ownerOf } from '../../core/api/caller.ts';
import type { Job } from '../../core/job/job.ts';
import type { JobPage, JobPosition, JobQuestion, JobSort, JobTotals } from '../../core/ports/job-listing.ts';

/** Whether a question fits a job. */
function fits({ states, recipe, text, owner, changedSinceMs = 0 }: JobQuestion, job: Job): boolean {
  return (
    (states === undefined || states.includes(job.state.status)) &&
    (recipe === undefined || recipe === job.recipe) &&
    (text === undefined || plain(job.source).includes(plain(text))) &&
    (owner === undefined || ownerOf(job.source) === owner) &&
    job.updatedMs >= changedSinceMs
  );
}

/** In lower case as SQLite has it: A-Z alone. */
const plain = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const VALUES: Readonly<Record<JobSort, (job: Job) => number>> = {
  newest: (job) => -job.createdMs,
  oldest: (job) => job.createdMs,
  changed: (job) => -job.updatedMs,
  largest: (job) => -(job.figures?.bytesBefore ?? -1),
};

/** Returns a page of jobs that were read whole. */
export function pageAmong(
  jobs: readonly Job[],
  question: JobQuestion,
  { sort, limit, after }: { readonly sort: JobSort; readonly limit: number; readonly after?: JobPosition | undefined },
): JobPage {
  const positioned = jobs
    .filter((job) => fits(question, job))
    .map((job) => ({ job, value: VALUES[sort](job), id: `${job.id}` }))
    .sort(inOrder)
    .filter((each) => after === undefined || inOrder(after, each) < 0);
  const page = positioned.slice(0, limit);
  const last = page.at(-1);
  const next = last && positioned.length > limit ? { value: last.value, id: last.id } : undefined;
  return { jobs: page.map(({ job }) => job), next };
}

const inOrder = (a: JobPosition, b: JobPosition): number =>
  a.value - b.value || (a.id < b.id ? -1 : Number(a.id > b.id));

const partOf = (amongNewest: number | undefined) =>
  amongNewest === undefined ? { isPartial: false } : { isPartial: true, amongNewest };

/** Counts the jobs that a question fits; `amongNewest`: how many there are here, if that is not all. */
export function totalsAmong(all: readonly Job[], question: JobQuestion, amongNewest: number | undefined): JobTotals {
  const jobs = all.filter((job) => fits(question, job));
  const byState: Record<string, number> = {};
  for (const { state } of jobs) byState[state.status] = (byState[state.status] ?? 0) + 1;
  const films = new Map<string, number>();
  for (const { source, figures } of jobs)
    films.set(source, Math.max(films.get(source) ?? 0, figures?.bytesBefore ?? 0));
  const bytesBefore = [...films.values()].reduce((total, bytes) => total + bytes, 0);
  const sum = (part: 'bytesAfter' | 'usd') => jobs.reduce((total, { figures }) => total + (figures?.[part] ?? 0), 0);
  const sums = { bytesBefore, bytesAfter: sum('bytesAfter'), usd: sum('usd') };
  return { jobs: jobs.length, films: films.size, byState, ...sums, ...partOf(amongNewest) };
}
