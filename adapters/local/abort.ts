import { ServiceError } from '../../core/errors.ts';

/** Throws if the signal is aborted: the ServiceError that it was aborted with, or `interrupted`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  if (reason instanceof ServiceError) throw reason;
  throw new ServiceError('interrupted', 'interrupted', {}, { cause: reason });
}
