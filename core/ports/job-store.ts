import type { Job, JobId, JobState, JobStatus, PartFailure, Sent, Usage } from '../job/job.ts';

/** Who works on a job, and until when (ms since 1970) others must believe it. */
export type Lease = { readonly owner: string; readonly until: number };

export type Notes = { readonly sent: Sent } | { readonly usage: Usage } | { readonly partFailure: PartFailure };

/** Where jobs are remembered. Every adapter passes test/contracts/job-store.ts. */
export interface JobStore {
  /** False if the id is taken, which is normal: S3 delivers an event at least once. */
  create(job: Job): Promise<boolean>;
  get(id: JobId): Promise<Job | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly Job[]>;
  /** Jobs that are not final and were made before `createdBeforeMs`, oldest first. */
  listOpen(createdBeforeMs: number, limit: number): Promise<readonly Job[]>;
  /**
   * Takes the job for this owner, or renews its lease. False while another holds a lease that has not run out; a lease
   * whose owner is known to be dead counts as run out.
   */
  claim(id: JobId, lease: Lease, nowMs: number): Promise<boolean>;
  /** Writes the whole record but its notes if this owner holds the lease; false if it lost it. */
  save(job: Job, owner: string): Promise<boolean>;
  /** Notes about the work on a job, lease or not. False if there is no such job. */
  note(id: JobId, notes: Notes): Promise<boolean>;
  /**
   * For those who hold no lease: moves a job only if it is still in `from`; false if someone was first. A job put back
   * to `queued` was sent nowhere: its notes are gone, and nobody holds it.
   */
  advance(id: JobId, from: JobStatus, to: JobState, nowMs: number): Promise<boolean>;
  /** Gives the lease up; nothing happens if another has it. */
  release(id: JobId, owner: string): Promise<void>;
}
