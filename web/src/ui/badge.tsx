import type { JobSummary } from '../api/answers.ts';
import { Icon, type IconName } from './icon.tsx';

type State = JobSummary['state'];

const LOOKS: Readonly<Record<State, readonly [kind: string, icon: IconName, says: string]>> = {
  queued: ['waits', 'clock', 'waiting'],
  restoring: ['waits', 'clock', 'being fetched from the archive'],
  planned: ['works', 'convert', 'planned'],
  running: ['works', 'convert', 'encoding'],
  joining: ['works', 'convert', 'joining'],
  verifying: ['works', 'convert', 'checking'],
  done: ['passed', 'check', 'done'],
  unchanged: ['passed', 'check', 'unchanged'],
  failed: ['failed', 'cancel', 'failed'],
};

export const isOpen = (state: State): boolean => ['waits', 'works'].includes(LOOKS[state][0]);

export function StateBadge({ state }: { readonly state: State }) {
  const [kind, icon, says] = LOOKS[state];
  return (
    <span class={`badge ${kind}`}>
      <Icon name={icon} />
      {says}
    </span>
  );
}
