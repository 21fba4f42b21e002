import type middy from '@middy/core';
import { asServiceError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';

/** The fields of a failure in a log. They never include the event, which has the names of people's files. */
export function failureFields(thrown: unknown): Readonly<Record<string, unknown>> {
  const { code, message, details } = asServiceError(thrown);
  return { code, reason: message, ...details };
}

/** Middleware that logs one line when a function fails. AWS then calls the function again. */
export const logged = (log: Log, event: string): middy.MiddlewareObj => ({
  onError: ({ error }) => log.error(event, failureFields(error)),
});
