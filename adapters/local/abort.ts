import { ServiceError } from '../../core/errors.ts';

/** What an aborted operation throws: the failure its caller aborted with, or `interrupted`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  if (reason instanceof ServiceError) throw reason;
  throw new ServiceError('interrupted', 'interrupted', {}, { cause: reason });
}
