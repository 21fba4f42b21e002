/** What differs between drops into a bucket and into a folder. */
export type IntakeRules = {
  /**
   * In a bucket each upload is a job of its own, so that what was taken before is known by its job. In a folder a file is one
   * job, however often it is written: two jobs never write one folder of results, and a changed file is its job again.
   */
  readonly jobPer: 'upload' | 'file';
  /** Where a machine is started for each job, what can be known without opening the source is refused before. */
  readonly checksAhead: boolean;
};

export const BUCKET_RULES: IntakeRules = { jobPer: 'upload', checksAhead: true };
export const FOLDER_RULES: IntakeRules = { jobPer: 'file', checksAhead: false };
