import type { JobSummary } from '../api/answers.ts';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';

/** Why a job failed, and what to do. */
export const FailureCard = ({
  failure: { reason, advice },
}: {
  readonly failure: NonNullable<JobSummary['failure']>;
}) => (
  <Notice kind="bad" icon="cancel" title="It was not made">
    <p>{sentence(reason)}</p>
    <p>
      <strong>{advice}</strong>
    </p>
  </Notice>
);
