import type { JobSummary } from '../api/answers.ts';
import { Notice } from '../ui/notice.tsx';

/** Why a job failed, and what to do. */
export const FailureCard = ({
  failure: { reason, advice },
}: {
  readonly failure: NonNullable<JobSummary['failure']>;
}) => (
  <Notice kind="bad" icon="cancel" title="It was not made">
    <p>{reason}</p>
    <p>
      <strong>{advice}</strong>
    </p>
  </Notice>
);
