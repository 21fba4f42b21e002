import { rm } from 'node:fs/promises';
import type { Stage } from '../../core/encode/stages.ts';
import type { PieceResult, PieceTask } from '../../core/ports/media.ts';
import { times } from '../../core/units.ts';

/** A segment's task for one of its stages, which reads the source, or the piece that the stage before made. */
export type StageTask = PieceTask & { readonly piece?: string };

export type RunStage = (stage: Stage, task: StageTask, output: string) => Promise<PieceResult>;

/** Encodes a segment to `output` in one or several stages. Files between the stages are removed once they were read. */
export async function encodeByStages(
  stages: readonly Stage[],
  task: StageTask,
  output: string,
  run: RunStage,
): Promise<PieceResult> {
  const [stage, ...rest] = stages;
  if (!stage) throw new RangeError('a segment without stages');
  const to = rest.length > 0 ? `${output}.${rest.length}` : output;
  try {
    const result = await run(stage, stageTask(task, stages), to);
    if (!result.exact || rest.length === 0) return result;
    const { piece: _, ...whole } = task;
    const last = await encodeByStages(rest, { ...whole, piece: to }, output, run);
    return last.exact ? { ...last, damage: [...result.damage, ...last.damage] } : last;
  } finally {
    if (to !== output) await rm(to, { force: true });
  }
}

/** Returns the task of the first stage. Before the stage that enlarges the picture, times are still the source's. */
export function stageTask(task: StageTask, [stage, ...rest]: readonly Stage[]): StageTask {
  const later = rest.find(({ enlarges }) => enlarges)?.spec.slower;
  return {
    ...task,
    spec: stage?.spec ?? task.spec,
    timeBase: later ? times(task.timeBase, { num: later.den, den: later.num }) : task.timeBase,
  };
}
