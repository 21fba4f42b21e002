/** What can go wrong, one row a cause: the exit code (sysexits), the HTTP status, and whether trying again can help. */
export const FAILURES = {
  usage: { exit: 64, http: 400, retry: 'never' },
  'bad-input': { exit: 65, http: 422, retry: 'never' },
  truncated: { exit: 65, http: 422, retry: 'never' },
  'not-video': { exit: 65, http: 422, retry: 'never' },
  'over-limit': { exit: 65, http: 422, retry: 'never' },
  'no-input': { exit: 66, http: 404, retry: 'never' },
  bug: { exit: 70, http: 500, retry: 'never' },
  'not-exact': { exit: 70, http: 500, retry: 'never' },
  'missing-tool': { exit: 69, http: 501, retry: 'never' },
  'cannot-write': { exit: 73, http: 507, retry: 'never' },
  'disk-full': { exit: 73, http: 507, retry: 'larger' },
  'over-time': { exit: 75, http: 503, retry: 'never' },
  'out-of-memory': { exit: 75, http: 503, retry: 'larger' },
  reclaimed: { exit: 75, http: 503, retry: 'again' },
  busy: { exit: 75, http: 503, retry: 'again' },
  interrupted: { exit: 130, http: 503, retry: 'again' },
} as const satisfies Record<string, { exit: number; http: number; retry: 'never' | 'again' | 'larger' }>;

export type FailureCode = keyof typeof FAILURES;

/** A failure with one cause and one sentence. Anything thrown that is not one of these is a bug. */
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

  get retry(): 'never' | 'again' | 'larger' {
    return FAILURES[this.code].retry;
  }
}

export const usage = (message: string) => new ServiceError('usage', message);

/** The failure any thrown value stands for; a bug unless it says otherwise. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('bug', message, {}, { cause: error });
}
