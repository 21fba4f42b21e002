import type { StreamPlan } from '../streams/stream-plan.ts';
import { pictureFirst } from '../streams/stream-plan.ts';
import { isAttached } from './planned-attachments.ts';

/** The plans of the streams that become tracks, in the order of the tracks. */
export function plansOfTracks({
  plans,
  mainStream,
}: {
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
}): readonly StreamPlan[] {
  return pictureFirst(
    plans.filter((plan) => plan.codecArgs && !isAttached(plan)),
    mainStream,
  );
}
