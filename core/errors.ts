/** Who can end a failure: whoever sent the input, nobody (a machine was taken back), more resources, or we. One alarm each. */
export type FailureCause = 'input' | 'reclaimed' | 'resources' | 'bug';

type FailureRow = {
  /** The command's exit code (sysexits.h). An exit code of a container is read as the first row that has it. */
  readonly exit: number;
  readonly http: number;
  /** Whether another attempt can help: never, unchanged (`again`), or with more memory or disk (`larger`). */
  readonly retry: 'never' | 'again' | 'larger';
  readonly cause: FailureCause;
  /** What people can do about the failure. It is shown after the sentence that says what was wrong. */
  readonly advice: string;
};

/** Every failure code, with all that is said or done about a failure because of its code. */
export const FAILURES = {
  usage: { exit: 64, http: 400, retry: 'never', cause: 'input', advice: 'Correct what was asked for.' },
  'bad-input': { exit: 65, http: 422, retry: 'never', cause: 'input', advice: 'Put a good copy in its place.' },
  truncated: { exit: 65, http: 422, retry: 'never', cause: 'input', advice: 'Copy the file again, to its end.' },
  'not-video': { exit: 65, http: 422, retry: 'never', cause: 'input', advice: 'Drop a video instead.' },
  'over-limit': { exit: 65, http: 422, retry: 'never', cause: 'input', advice: 'Keep within the limit it names.' },
  'no-input': { exit: 66, http: 404, retry: 'never', cause: 'input', advice: 'Put a readable file there.' },
  'missing-tool': { exit: 69, http: 501, retry: 'never', cause: 'bug', advice: 'Install it (reelmill doctor).' },
  bug: { exit: 70, http: 500, retry: 'never', cause: 'bug', advice: 'Report it: this is a bug of Reelmill.' },
  'not-exact': { exit: 70, http: 500, retry: 'never', cause: 'bug', advice: 'Report it, with the source if you can.' },
  'cannot-write': { exit: 73, http: 507, retry: 'never', cause: 'bug', advice: 'Give a place that can be written.' },
  'disk-full': { exit: 73, http: 507, retry: 'larger', cause: 'resources', advice: 'Make room, and try again.' },
  busy: { exit: 75, http: 503, retry: 'again', cause: 'reclaimed', advice: 'Try again later.' },
  reclaimed: { exit: 75, http: 503, retry: 'again', cause: 'reclaimed', advice: 'Try again, on demand if it recurs.' },
  'over-time': { exit: 75, http: 503, retry: 'never', cause: 'resources', advice: 'Choose a faster preset.' },
  'out-of-memory': { exit: 75, http: 503, retry: 'larger', cause: 'resources', advice: 'Try with more memory.' },
  interrupted: { exit: 130, http: 503, retry: 'again', cause: 'reclaimed', advice: 'Start it again.' },
  cancelled: { exit: 130, http: 409, retry: 'never', cause: 'input', advice: 'Retry the job to have it made.' },
  'signed-out': { exit: 64, http: 401, retry: 'never', cause: 'input', advice: 'Sign in again.' },
  'not-allowed': { exit: 64, http: 403, retry: 'never', cause: 'input', advice: 'Ask an operator for it.' },
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof FAILURES;

/** Whether this version knows the code; a later version may have written another. */
export const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);

/** The row of a code. An unknown code, which a later version wrote, is treated as a bug. */
export const failureNamed = (code: string): FailureRow => FAILURES[isFailureCode(code) ? code : 'bug'];

/** A failure with one cause and one sentence. Anything else that is thrown is a bug. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FailureCode,
    message: string,
    details: Record<string, unknown> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  get exitCode(): number {
    return FAILURES[this.code].exit;
  }

  get retry(): FailureRow['retry'] {
    return FAILURES[this.code].retry;
  }
}

/** Returns the failure of a request that is wrong in itself: the sentence says what would be right. */
export const usage = (message: string) => new ServiceError('usage', message);

/** Returns a thrown value as a ServiceError: what a signal ended was interrupted, and whatever else is not one becomes a `bug`. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError')
    return new ServiceError('interrupted', 'stopped before it was done', {}, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('bug', message, {}, { cause: error });
}
