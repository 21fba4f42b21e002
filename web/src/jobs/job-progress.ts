import type { JobSummary } from '../api/answers.ts';
import { isOpen } from '../ui/badge.tsx';

type Work = Pick<JobSummary, 'state' | 'progress' | 'segments'>;

/** How far a job is, from 0 to 1: by its segments over all renditions, which take most of the time; else by its phase. */
export function shareOf({ state, progress, segments }: Work): number | undefined {
  if (!isOpen(state)) return 1;
  if (progress && progress.renditions.length > 0) {
    const [done, total] = progress.renditions.reduce(
      ([all, of], { isDone, segments: { done: some, total: each } }) => [
        all + (isDone ? Math.max(1, each) : some),
        of + Math.max(1, each),
      ],
      [0, 0],
    );
    const within =
      progress.phase === 'encode' && progress.total > 0 ? progress.done / progress.total / Math.max(1, total) : 0;
    return Math.min(0.99, (done + within) / total);
  }
  if (segments && segments.total > 0) return Math.min(0.99, segments.done / segments.total);
  return undefined;
}

const PHASES: Readonly<Record<NonNullable<JobSummary['progress']>['phase'], string>> = {
  hash: 'reading the source',
  index: 'looking at every picture',
  encode: 'encoding',
  join: 'joining',
  verify: 'checking every frame',
  quality: 'looking for the quality',
};

/** What is done to a job now, in words. */
export function workWords({ state, progress }: Work): string {
  if (!progress) return state === 'restoring' ? 'comes back from the archive' : 'begins';
  const { phase, rendition, speed } = progress;
  const what = rendition === undefined ? PHASES[phase] : `${PHASES[phase]} ${rendition}`;
  return phase === 'encode' && speed !== undefined ? `${what} at ${speed.toFixed(speed < 9.95 ? 1 : 0)}×` : what;
}
