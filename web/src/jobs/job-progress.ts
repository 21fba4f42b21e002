import type { JobSummary } from '../api/answers.ts';
import { isOpen } from '../ui/badge.tsx';

type Work = Pick<JobSummary, 'state' | 'progress' | 'segments'>;

type Told = NonNullable<JobSummary['progress']>;

/** How far one rendition is: by its frames while it is encoded, otherwise by its segments. */
export function renditionShare(
  { name, isDone, segments: { done, total } }: Told['renditions'][number],
  { phase, rendition, done: frames, total: of }: Told,
): number {
  if (isDone) return 1;
  if (phase === 'encode' && rendition === name && of > 0) return frames / of;
  return total > 0 ? done / total : 0;
}

/** How far a job is, from 0 to 1, as the mean of its renditions; undefined before it is known what they are. */
export function shareOf({ state, progress, segments }: Work): number | undefined {
  if (!isOpen(state)) return 1;
  if (progress && progress.renditions.length > 0) {
    const sum = progress.renditions.reduce((all, each) => all + renditionShare(each, progress), 0);
    return Math.min(0.99, sum / progress.renditions.length);
  }
  return segments && segments.total > 0 ? Math.min(0.99, segments.done / segments.total) : undefined;
}

const PHASES: Readonly<Record<NonNullable<JobSummary['progress']>['phase'], string>> = {
  hash: 'reading the source',
  index: 'looking at every picture',
  encode: 'encoding',
  join: 'joining',
  verify: 'checking every frame',
  quality: 'looking for the quality',
};

/** Of a machine that tells nothing but the state, as on AWS. */
const UNTOLD: Readonly<Partial<Record<JobSummary['state'], string>>> = {
  restoring: 'comes back from the archive',
  running: 'encoding',
  joining: 'joining',
  verifying: 'checking every frame',
};

/** What is done to a job now, in words. */
export function workWords({ state, progress }: Work): string {
  if (!progress) return UNTOLD[state] ?? 'begins';
  const { phase, rendition, speed } = progress;
  const what = rendition === undefined ? PHASES[phase] : `${PHASES[phase]} ${rendition}`;
  return phase === 'encode' && speed !== undefined ? `${what} at ${speed.toFixed(speed < 9.95 ? 1 : 0)}×` : what;
}
