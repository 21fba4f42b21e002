import type { BurstNote, Job, JobId, JobState, JobStatus, PartFailure, Sent, Usage } from '../job/job.ts';

/** The process that works on a job, and until when (ms since 1970) no other process may take it. */
export type Lease = { readonly owner: string; readonly until: number };

type Notes =
  | { readonly sent: Sent }
  | { readonly burst: BurstNote }
  | { readonly usage: Usage }
  | { readonly partFailure: PartFailure };

/** Stores jobs. Every adapter passes test/contracts/job-store.ts. */
export interface JobStore {
  /** Adds a job. False if the id is taken, which is normal since S3 delivers an event at least once. */
  create(job: Job): Promise<boolean>;
  get(id: JobId): Promise<Job | undefined>;
  /** Returns the ids that begin with these digits (at least one), in no order, and no more than `most`. */
  idsBeginning(start: string, most: number): Promise<readonly JobId[]>;
  /** Returns jobs, newest first. */
  list(limit: number): Promise<readonly Job[]>;
  /** Returns jobs that are not final and were created before `createdBeforeMs`, oldest first. */
  listOpen(createdBeforeMs: number, limit: number): Promise<readonly Job[]>;
  /**
   * Takes the job for this owner, or renews its lease. False while another holds a lease that has not run out; a lease
   * whose owner is known to be dead counts as run out.
   */
  claim(id: JobId, lease: Lease, nowMs: number): Promise<boolean>;
  /** Writes the whole record except its notes if this owner holds the lease; false if the owner lost it. */
  save(job: Job, owner: string): Promise<boolean>;
  /** Writes notes about the work on a job, with or without a lease. False if there is no such job. */
  note(id: JobId, notes: Notes): Promise<boolean>;
  /**
   * Changes the state of a job without a lease, if the job is still in `from`; false if another process changed it first. A
   * job that returns to `queued` loses its notes and its lease.
   */
  advance(id: JobId, from: JobStatus, to: JobState, nowMs: number): Promise<boolean>;
  /** Gives up the lease; does nothing if another owner has it. */
  release(id: JobId, owner: string): Promise<void>;
}
