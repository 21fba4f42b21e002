import { ServiceError } from '../../core/errors.ts';

/** What the SDK's errors have in common, read without trusting it. */
type Facts = { readonly name: string; readonly status: number; readonly message: string };

/** Errors that go away by themselves: the service or the way to it, not what was asked. */
const PASSING =
  /^(?:Throttling|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|TimeoutError|RequestTimeout|InternalError|InternalServerError|ServiceUnavailable|ServerException|LimitExceeded)/;
const UNREACHABLE = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * An error of AWS as one of ours: `interrupted` if it was our signal, `busy` if trying again can help. Everything else
 * is returned as it came: a missing permission or a wrong name is a bug of the stack.
 */
export function awsFailure(error: unknown, doing: string): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error;
  const { name, status, message } = facts(error);
  if (name === 'AbortError') return new ServiceError('interrupted', `${doing}: interrupted`, {}, { cause: error });
  const passes = status >= 500 || status === 429 || PASSING.test(name) || UNREACHABLE.test(name);
  if (!passes) return error;
  return new ServiceError('busy', `${doing}: ${name} ${message}; try again`, { aws: name, status }, { cause: error });
}

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
    if (error instanceof Error && facts(error).name === refusal) return undefined;
    throw error;
  }
}

function facts(error: Error): Facts {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : 0;
  return {
    name: code && UNREACHABLE.test(code) ? code : error.name,
    status: typeof status === 'number' ? status : 0,
    message: error.message,
  };
}
