import { openStageJobs } from '../../runtime/aws/stage-jobs.ts';
import { stageStack } from '../../runtime/aws/stage-stack.ts';
import type { StageOptions } from './stage-options.ts';

/** Opens the jobs of a deployed stage. Throws `no-input` where there is none, and `usage` for one that cannot be. */
export const openStage = async (stage: string, asked: StageOptions): Promise<ReturnType<typeof openStageJobs>> =>
  openStageJobs(await stageStack(stage, asked));
