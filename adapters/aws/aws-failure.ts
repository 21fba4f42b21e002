import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';

/** Errors that go away by themselves: the service or the way to it, not what was asked. */
const PASSING =
  /^(?:Throttling|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|TimeoutError|RequestTimeout|InternalError|InternalServerError|ServiceUnavailable|ServerException|LimitExceeded)/;
const UNREACHABLE = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * An error of AWS as one of ours: `interrupted` if it was our signal, `busy` if trying again can help. Everything else
 * is returned as it came: a missing permission or a wrong name is a bug of the stack.
 */
export function awsFailure(error: unknown, doing: string): unknown {
  if (error instanceof ServiceError) return error;
  const facts = factsOf(error);
  if (!facts) return error;
  const { name, status, message } = facts;
  const key =
    name === 'AccessDenied' && /kms:\w+/.test(message) ? (/arn:\S+:key\/[\w-]+/.exec(message)?.[0] ?? '') : undefined;
  if (key !== undefined)
    return new ServiceError('no-input', noKey(doing, key), { aws: name, status }, { cause: error });
  if (name === 'AbortError') return new ServiceError('interrupted', `${doing}: interrupted`, {}, { cause: error });
  const passes = status >= 500 || status === 429 || PASSING.test(name) || UNREACHABLE.test(name);
  if (!passes) return error;
  return new ServiceError('busy', `${doing}: ${name} ${message}; try again`, { aws: name, status }, { cause: error });
}

const noKey = (doing: string, key: string): string =>
  `${doing}: it is encrypted under a key that this stack may not use${key && ` (${key})`}; put the key's ARN into sourceKeys of the stage, and let the key's policy allow this account`;

/** Runs one call to AWS; what it throws has gone through awsFailure. */
export async function asking<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsFailure(error, doing);
  }
}

/** The answer, or undefined where AWS names its refusal `refusal`. */
export async function unless<T>(refusal: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNamed(refusal, error)) return undefined;
    throw error;
  }
}

/** Whether AWS may have done what was asked, though this came back: no answer at all, or one that it broke over. */
export function wasPerhapsDone(error: unknown): boolean {
  const status = factsOf(error)?.status ?? 0;
  return status === 0 || status >= 500;
}

export const isNamed = (refusal: string, error: unknown): boolean => factsOf(error)?.name === refusal;

/** Read without trusting it, and without its class: errors of another realm are of none of ours. */
const thrown = z.object({
  name: z.string(),
  message: z.string(),
  code: z.optional(z.unknown()),
  $metadata: z.optional(z.object({ httpStatusCode: z.optional(z.number()) })),
});

type Facts = { readonly name: string; readonly status: number; readonly message: string };

function factsOf(error: unknown): Facts | undefined {
  const { data } = thrown.safeParse(error);
  if (!data) return undefined;
  const isUnreachable = typeof data.code === 'string' && UNREACHABLE.test(data.code);
  return {
    name: isUnreachable ? String(data.code) : data.name,
    status: data.$metadata?.httpStatusCode ?? 0,
    message: data.message,
  };
}
