import type { SourceOutline } from '../film/source-outline.ts';
import type { Needs } from './needs.ts';

/** How the intake of drops into a bucket differs from that into a folder. */
export type IntakeRules = {
  /**
   * In a bucket each upload is a job of its own, so that an upload that was taken before is found by its job. In a folder
   * each file is one job, however often it is written, so that two jobs never write to one folder of results.
   */
  readonly jobPer: 'upload' | 'file';
  /**
   * Whether a drop is checked before a job is made, without opening the source. This saves starting a machine that could
   * only fail. `hasGpu` says whether there are machines with graphics cards.
   */
  readonly checksAhead: false | Machines;
};

/** What a stack has. `refusesSize` says why no disk of it is large enough to make a job of this source; undefined if one is. */
type Machines = {
  readonly hasGpu: boolean;
  refusesSize(needs: Needs, source: SourceOutline): string | undefined;
};

/** Returns the rules for drops into the bucket of a stage that has these machines. */
export const bucketRules = (machines: Machines): IntakeRules => ({
  jobPer: 'upload',
  checksAhead: machines,
});
export const FOLDER_RULES: IntakeRules = { jobPer: 'file', checksAhead: false };
