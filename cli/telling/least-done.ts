import type { JobEvent, Phase } from '../../core/job/events.ts';

type ToldProgress = Extract<JobEvent, { type: 'progress' }>;

/** Returns the progress of the rendition that has most left to do, where several are made side by side. */
export function leastDone(told: readonly ToldProgress[]): ToldProgress | undefined {
  const share = ({ done, total }: ToldProgress) => (total > 0 ? done / total : 1);
  const step = (event: ToldProgress) => STEPS.indexOf(event.phase);
  return [...told].sort((a, b) => step(a) - step(b) || share(a) - share(b))[0];
}

const STEPS: readonly Phase[] = ['hash', 'index', 'quality', 'encode', 'join', 'verify'];
