import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAbandoned } from '../adapters/local/replace-file.ts';
import { removeFolder } from '../adapters/shared/remove-folder.ts';
import { isFinal, type Job } from '../core/job/job.ts';
import { type OldPiece, type PruneLimits, piecesToRemove } from '../core/library/pieces-to-remove.ts';
import type { JobStore } from '../core/ports/job-store.ts';

/** What a work folder takes: pieces of films, scratch folders that no process uses, and everything else. */
type WorkUsage = { readonly pieces: number; readonly orphaned: number; readonly other: number };

type Pruned = { readonly files: number; readonly bytes: number };

type WorkFile = OldPiece & { readonly path: string; readonly changedMs: number };

/** Folders of a job's or a plan's own files; what is left there when nothing runs, nobody needs any more. */
const SCRATCH = ['jobs', 'plans', 'copies'];
const MOST_JOBS = 100_000;

/** Measures a work folder. */
export async function workUsage(work: string): Promise<WorkUsage> {
  const [all, pieces, scratch] = await Promise.all([filesBelow(work), piecesIn(work), scratchIn(work)]);
  const sum = (files: readonly WorkFile[]) => files.reduce((total, { bytes }) => total + bytes, 0);
  return { pieces: sum(pieces), orphaned: sum(scratch), other: sum(all) - sum(pieces) - sum(scratch) };
}

/**
 * Removes pieces that are old or too many, and if `orphaned` is asked for, what killed processes left there and among the
 * results. Pieces of published jobs go first. While a job is being worked on, nothing is removed, because it may need any of them.
 */
export async function pruneWork(
  work: string,
  jobs: Pick<JobStore, 'list' | 'claim' | 'release'>,
  limits: PruneLimits & { readonly orphaned: boolean; readonly dryRun: boolean; readonly results?: string },
): Promise<Pruned | 'busy'> {
  const all = await jobs.list(MOST_JOBS);
  for (const job of all) if (await isWorkedOn(job, jobs)) return 'busy';
  const open = all.filter(({ state }) => state.status !== 'done' && state.status !== 'unchanged');
  const firstOpenMs = Math.min(...open.map(({ createdMs }) => createdMs));
  const files = [
    ...piecesToRemove(await piecesIn(work), { ...limits, firstOpenMs }),
    ...(limits.orphaned ? [...(await scratchIn(work)), ...(await halfWrittenIn(limits.results))] : []),
  ];
  if (!limits.dryRun) for (const { path } of files) await rm(path, { force: true });
  if (!limits.dryRun && limits.orphaned) for (const name of SCRATCH) await removeFolder(join(work, name));
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Whether a process holds a job. What was killed in the middle left a state that says so, and a lease that anybody can have.
 * The lease by which it looks has run out already, so that a process that comes to the job at this moment gets it.
 */
async function isWorkedOn({ id, state }: Job, jobs: Pick<JobStore, 'claim' | 'release'>): Promise<boolean> {
  if (isFinal(state.status)) return false;
  const [owner, nowMs] = ['prune', Date.now()];
  if (!(await jobs.claim(id, { owner, until: nowMs }, nowMs))) return true;
  await jobs.release(id, owner);
  return false;
}

const piecesIn = (work: string) => filesBelow(join(work, 'cache', 'pieces'));
const scratchIn = async (work: string) =>
  (await Promise.all(SCRATCH.map((name) => filesBelow(join(work, name))))).flat();

/** Files that were not whole when their process was killed, anywhere below a folder of results. */
const halfWrittenIn = async (results: string | undefined) =>
  results === undefined
    ? []
    : (await filesBelow(results)).filter(({ path, changedMs }) =>
        isAbandoned({ name: basename(path), changedMs }, Date.now()),
      );

async function filesBelow(folder: string): Promise<readonly WorkFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: WorkFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const stats = await stat(path).catch(() => undefined);
    if (stats) files.push({ path, bytes: stats.size, modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs });
  }
  return files;
}
