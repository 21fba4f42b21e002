/** What differs between drops into a bucket and into a folder. */
export type IntakeRules = {
  /**
   * In a bucket each upload is a job of its own, so that what was taken before is known by its job. In a folder a file is one
   * job, however often it is written: two jobs never write one folder of results, and a changed file is its job again.
   */
  readonly jobPer: 'upload' | 'file';
  /**
   * Where a machine is started for each job, what can be known without opening the source is refused before, and what there is
   * no machine for: whether there are any with graphics cards.
   */
  readonly checksAhead: false | { readonly hasGpu: boolean };
};

export const bucketRules = (machines: { readonly hasGpu: boolean }): IntakeRules => ({
  jobPer: 'upload',
  checksAhead: machines,
});
export const FOLDER_RULES: IntakeRules = { jobPer: 'file', checksAhead: false };
