import { useState } from 'preact/hooks';
import type { JobAnswer } from '../api/answers.ts';
import { reasonOf } from '../api/refused.ts';
import { useSurroundings } from '../surroundings.ts';
import { isOpen } from '../ui/badge.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Icon } from '../ui/icon.tsx';

type Props = { readonly job: JobAnswer; onSteered(): Promise<void> };

/** Ends a job that is under way, or makes one again that has ended. */
export function Steering({ job, onSteered }: Props) {
  const { call } = useSurroundings();
  const [asks, setAsks] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const steer = async (what: 'retry' | 'cancel') => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call(what, { params: { job: job.job } });
    } catch (error) {
      setFailure(error);
    }
    await onSteered();
    setBusy(false);
  };
  return (
    <div class="buttons">
      {isOpen(job.state) ? (
        <button type="button" class="quiet" disabled={isBusy} onClick={() => setAsks(true)}>
          <Icon name="cancel" />
          Cancel
        </button>
      ) : (
        <button
          type="button"
          class={job.state === 'failed' ? 'primary' : 'quiet'}
          disabled={isBusy}
          onClick={() => void steer('retry')}
        >
          <Icon name="retry" />
          {job.state === 'failed' ? 'Try again' : 'Make it again'}
        </button>
      )}
      {failure ? (
        <p role="alert" class="why">
          {reasonOf(failure)}
        </p>
      ) : undefined}
      {asks ? (
        <Confirm
          title="Cancel this film?"
          yes="Cancel it"
          onAnswer={(yes) => {
            setAsks(false);
            if (yes) void steer('cancel');
          }}
        >
          <p>What is encoded already is kept, so that it can be taken up again.</p>
        </Confirm>
      ) : undefined}
    </div>
  );
}
