/** The job that has a name, and the location of its source, as people know it. */
export type NameHolder = { readonly job: string; readonly location: string };

/**
 * Says which job has which name in a folder of results, so that no two jobs publish under one name. Names that differ only
 * in case, or in the Unicode form of their letters, are one name.
 */
export interface ResultNames {
  /** Returns the job that has a name; undefined if nobody has it. */
  holderOf(key: string): Promise<NameHolder | undefined>;
  /** Takes a name that nobody has, and returns the job that has it now, and whether it has it only since this call. */
  take(key: string, holder: NameHolder): Promise<NameHolder & { readonly isNew: boolean }>;
  /** Gives a name to a job, whoever had it. */
  give(key: string, holder: NameHolder): Promise<void>;
  /** Gives a name up, if this job has it. */
  giveUp(key: string, job: string): Promise<void>;
}
