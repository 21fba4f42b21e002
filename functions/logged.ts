import type middy from '@middy/core';
import { asServiceError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';

/** What a log says of a failure: never the event, which holds names of people's files. */
export function failureFields(thrown: unknown): Readonly<Record<string, unknown>> {
  const { code, message, details } = asServiceError(thrown);
  return { code, reason: message, ...details };
}

/** One line for a function that failed, which is then called again. */
export const logged = (log: Log, event: string): middy.MiddlewareObj => ({
  onError: ({ error }) => log.error(event, failureFields(error)),
});
