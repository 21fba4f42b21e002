import { asServiceError, FAILURES, type ServiceError } from '../core/errors.ts';

/** Returns the failure that only whoever sent the input, or rules over it, can mend; undefined for any other error. */
export function inputFailure(error: unknown): ServiceError | undefined {
  const failure = asServiceError(error);
  return FAILURES[failure.code].cause === 'input' ? failure : undefined;
}
