/** The highest priority that Batch takes; the lowest is 0. */
const HIGHEST = 9999;

/** All jobs are in one share, because Batch compares priorities only within a share (resources/batch-encode.yml). */
export const SHARE = 'drops';

/** Returns the priority by which Batch orders what waits in a queue: that of the job, as a whole number from 0 to 9999. */
export const schedulingPriority = (priority = 0): number => Math.min(HIGHEST, Math.max(0, Math.round(priority)));
