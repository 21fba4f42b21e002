import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';

/** Errors of the service or the connection, which may pass by themselves. */
const PASSING =
  /Throttl|^(?:TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|TimeoutError|RequestTimeout|InternalError|InternalServerError|ServiceUnavailable|ServerException|LimitExceeded|ConditionalRequestConflict|OperationAborted)/;
const UNREACHABLE = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Returns an error of AWS as a ServiceError: `interrupted` if our signal aborted, `no-input` if the object's key of
 * encryption is not ours to use, `busy` if trying again can help. Any other error is a bug and returned unchanged.
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

/** Runs a call to AWS. Errors are thrown as awsFailure returns them. */
export async function asking<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsFailure(error, doing);
  }
}

/** Returns the answer, or undefined if AWS answers with the error named `refusal`. */
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

/** Whether an error of AWS has this name. */
export const isNamed = (refusal: string, error: unknown): boolean => factsOf(error)?.name === refusal;

/** The fields of an error of AWS. Its class says nothing, because errors of another realm are not instances of ours. */
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
