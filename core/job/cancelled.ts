/** The state of a job that somebody cancelled. */
export const CANCELLED = {
  status: 'failed',
  code: 'cancelled',
  reason: 'somebody cancelled it; its finished pieces are kept, and a retry goes on from there',
} as const;
