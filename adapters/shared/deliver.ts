import pRetry, { AbortError } from 'p-retry';
import { oneLine } from '../../core/notices/notice-text.ts';

export type DeliveryOptions = {
  /** Is called with one sentence about a message that could not be delivered. */
  readonly report: (message: string) => void;
  /** Ends the attempts; a message that was not delivered by then is reported. */
  readonly signal?: AbortSignal;
  readonly retries?: number;
  /** The wait before the first retry. It doubles for each retry, and has a random factor of 1 to 2. */
  readonly firstWaitMs?: number;
  /** The time limit of one attempt. */
  readonly timeoutMs?: number;
};

export const TIMEOUT_MS = 10_000;

/** The error of an attempt that was refused, so that retries are useless. */
export const refused = (message: string) => new AbortError(message);

/** Tries until the message is delivered or refused, or the retries are used up. Reports a failure, and never throws. */
export async function deliver(what: string, attempt: () => Promise<void>, delivery: DeliveryOptions): Promise<void> {
  const { report, signal = new AbortController().signal, retries = 3, firstWaitMs = 1_000 } = delivery;
  try {
    await unlessAborted(signal, pRetry(attempt, { retries, minTimeout: firstWaitMs, randomize: true, signal }));
  } catch (error) {
    report(oneLine(`${what} was not delivered: ${reasonOf(error)}`));
  }
}

/** Rejects when the signal aborts, without waiting for an attempt that cannot be interrupted. */
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

/** Returns an error's message with its causes, because fetch only says "fetch failed". */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const cause = 'cause' in error && error.cause ? reasonOf(error.cause) : '';
  return [error.message, code, cause].filter(Boolean).join(': ');
}
