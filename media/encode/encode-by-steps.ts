import { rm } from 'node:fs/promises';
import type { EncodeStep } from '../../core/encode/encode-steps.ts';
import type { PieceResult, PieceTask } from '../../core/ports/file-maker.ts';
import { times } from '../../core/units.ts';

/** A segment's task for one of its steps, which reads the source, or the piece that the step before made. */
export type StageTask = PieceTask & { readonly piece?: string };

export type RunStage = (step: EncodeStep, task: StageTask, output: string) => Promise<PieceResult>;

/** Encodes a segment to `output` in one or several steps. Files between the steps are removed once they were read. */
export async function encodeBySteps(
  steps: readonly EncodeStep[],
  task: StageTask,
  output: string,
  run: RunStage,
): Promise<PieceResult> {
  const [step, ...rest] = steps;
  if (!step) throw new RangeError('a segment without steps');
  const to = rest.length > 0 ? `${output}.${rest.length}` : output;
  try {
    const result = await run(step, stepTask(task, steps), to);
    if (!result.exact || rest.length === 0) return result;
    const { piece: _, ...whole } = task;
    const last = await encodeBySteps(rest, { ...whole, piece: to }, output, run);
    return last.exact ? { ...last, damage: [...result.damage, ...last.damage] } : last;
  } finally {
    if (to !== output) await rm(to, { force: true });
  }
}

/** Returns the task of the first step. Before the step that enlarges the picture, times are still the source's. */
export function stepTask(task: StageTask, [step, ...rest]: readonly EncodeStep[]): StageTask {
  const later = rest.find(({ enlarges }) => enlarges)?.spec.timeFactor;
  return {
    ...task,
    spec: step?.spec ?? task.spec,
    timeBase: later ? times(task.timeBase, { num: later.den, den: later.num }) : task.timeBase,
  };
}
