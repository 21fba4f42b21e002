import pRetry, { AbortError } from 'p-retry';
import { oneLine } from '../../core/notices/notice-text.ts';

export type DeliveryOptions = {
  /** Is told, in one sentence, of what could not be delivered. */
  readonly report: (message: string) => void;
  /** Ends attempts and waits; what was not delivered by then is reported. */
  readonly signal?: AbortSignal;
  readonly retries?: number;
  /** Doubled for each retry, times a random factor of 1 to 2. */
  readonly firstWaitMs?: number;
  /** Of one attempt. */
  readonly timeoutMs?: number;
};

export const TIMEOUT_MS = 10_000;

/** A refusal that no retry will change. */
export const refused = (message: string) => new AbortError(message);

/** Tries until it works, is refused, or has been tried often enough. Reports failure and never throws. */
export async function deliver(what: string, attempt: () => Promise<void>, delivery: DeliveryOptions): Promise<void> {
  const { report, signal = new AbortController().signal, retries = 3, firstWaitMs = 1_000 } = delivery;
  try {
    await unlessAborted(signal, pRetry(attempt, { retries, minTimeout: firstWaitMs, randomize: true, signal }));
  } catch (error) {
    report(oneLine(`${what} was not delivered: ${reasonOf(error)}`));
  }
}

/** Does not wait for an attempt that cannot be interrupted. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('interrupted'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** fetch says only "fetch failed"; what failed is in its cause. */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const cause = 'cause' in error && error.cause ? reasonOf(error.cause) : '';
  return [error.message, code, cause].filter(Boolean).join(': ');
}
