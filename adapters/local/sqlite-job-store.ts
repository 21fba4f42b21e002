import * as z from 'zod/mini';
import { type Job, type JobState, type JobStatus, jobId, jobSchema } from '../../core/job/job.ts';
import type { JobStore, Lease } from '../../core/ports/job-store.ts';
import { inTransaction } from './in-transaction.ts';
import { openJobTable } from './sqlite-job-table.ts';

export type SqliteJobStore = JobStore & { close(): void };

const idRow = z.object({ id: jobId });
const recordRow = z.object({ record: z.string(), notes: z.string() });
const leaseRow = z.object({ owner: z.nullable(z.string()), lease_until: z.nullable(z.number()) });

/**
 * The job table in an SQLite file, which several processes of one machine may share, but not several machines: WAL needs
 * shared memory. `isAlive` returns false for a lease's owner that is known to be dead.
 */
export function sqliteJobStore(path: string, isAlive: (owner: string) => boolean): SqliteJobStore {
  const { db, attempt, close } = openJobTable(path);
  const select = db.prepare('SELECT record, notes FROM jobs WHERE id = ?');
  // behind the hexadecimal digits comes "g"
  const beginning = db.prepare(`SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || 'g' LIMIT ?2`);
  const newest = db.prepare('SELECT record, notes FROM jobs ORDER BY created_ms DESC, id LIMIT ?');
  const open = db.prepare(
    `SELECT record, notes FROM jobs WHERE status NOT IN ('done', 'unchanged', 'failed') AND created_ms < ?
     ORDER BY created_ms, id LIMIT ?`,
  );
  const insert = db.prepare(
    'INSERT INTO jobs (id, created_ms, status, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const selectLease = db.prepare('SELECT owner, lease_until FROM jobs WHERE id = ?');
  const updateLease = db.prepare('UPDATE jobs SET owner = ?, lease_until = ? WHERE id = ?');
  const update = db.prepare('UPDATE jobs SET created_ms = ?, status = ?, record = ? WHERE id = ? AND owner = ?');
  const updateState = db.prepare(
    `UPDATE jobs SET status = ?, record = json_set(record, '$.state', json(?), '$.updatedMs', ?) WHERE id = ? AND status = ?`,
  );
  const addNotes = db.prepare('UPDATE jobs SET notes = json_patch(notes, ?) WHERE id = ?');
  const forgetNotes = db.prepare(`UPDATE jobs SET notes = '{}', owner = NULL, lease_until = NULL WHERE id = ?`);
  const clearLease = db.prepare('UPDATE jobs SET owner = NULL, lease_until = NULL WHERE id = ? AND owner = ?');

  const claim = (id: string, lease: Lease, nowMs: number): boolean => {
    const row = z.optional(leaseRow).parse(selectLease.get(id));
    if (!row || isHeldByAnother(row, lease.owner, nowMs)) return false;
    return updateLease.run(lease.owner, lease.until, id).changes === 1;
  };

  const advance = (id: string, from: JobStatus, to: JobState, nowMs: number): boolean => {
    const isMoved = updateState.run(to.status, JSON.stringify(to), nowMs, id, from).changes === 1;
    if (isMoved && to.status === 'queued') forgetNotes.run(id);
    return isMoved;
  };

  function isHeldByAnother({ owner, lease_until: until }: z.infer<typeof leaseRow>, claimant: string, nowMs: number) {
    return owner !== null && owner !== claimant && (until ?? 0) > nowMs && isAlive(owner);
  }

  return {
    create: (job) => attempt(() => insert.run(job.id, job.createdMs, job.state.status, recordOf(job)).changes === 1),
    get: (id) =>
      attempt(() => {
        const row = select.get(id);
        return row === undefined ? undefined : jobFrom(row);
      }),
    idsBeginning: (start, most) => attempt(() => beginning.all(start, most).map((row) => idRow.parse(row).id)),
    list: (limit) => attempt(() => newest.all(limit).map(jobFrom)),
    listOpen: (createdBeforeMs, limit) => attempt(() => open.all(createdBeforeMs, limit).map(jobFrom)),
    claim: (id, lease, nowMs) => attempt(() => inTransaction(db, () => claim(id, lease, nowMs))),
    save: (job, owner) =>
      attempt(() => update.run(job.createdMs, job.state.status, recordOf(job), job.id, owner).changes === 1),
    advance: (id, from, to, nowMs) => attempt(() => inTransaction(db, () => advance(id, from, to, nowMs))),
    note: (id, notes) => attempt(() => addNotes.run(JSON.stringify(notes), id).changes === 1),
    release: (id, owner) =>
      attempt(() => {
        clearLease.run(id, owner);
      }),
    close,
  };
}

/** A job's record without its notes, which have a column of their own, because whoever runs the job does not know them. */
const recordOf = ({ sent: _, burst: __, usage: ___, partFailure: ____, ...job }: Job): string => JSON.stringify(job);

function jobFrom(row: unknown): Job {
  const { record, notes } = recordRow.parse(row);
  return jobSchema.parse({ ...JSON.parse(record), ...JSON.parse(notes) });
}
