import type { StreamPlan } from '../streams/stream-plan.ts';
import { isAttached } from './planned-attachments.ts';

/** The plans of the streams that become tracks, in the order of the tracks. */
export function plansOfTracks({
  plans,
  mainStream,
}: {
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
}): readonly StreamPlan[] {
  const inside = plans.filter((plan) => plan.codecArgs && !isAttached(plan));
  const isMain = ({ stream }: StreamPlan) => stream.index === mainStream;
  return [...inside.filter(isMain), ...inside.filter((plan) => !isMain(plan))];
}
