export type AwsOptions = {
  /**
   * A server that stands in for AWS. Where this is undefined, the SDK reads AWS_ENDPOINT_URL and its like by itself, and
   * goes to AWS.
   */
  readonly endpoint: string | undefined;
  /** Servers that stand in for AWS have no names for buckets. */
  readonly bucketsByPath: boolean;
  /** How long one answer may take. The SDK itself would wait for ever. */
  readonly requestTimeoutMs: number;
};

/** In a function: its event is delivered again, so that giving up early costs less than being cut off. */
export const FUNCTION_TIMEOUT_MS = 5_000;
/** In a container: a part of 16 MiB has to get through. */
export const TASK_TIMEOUT_MS = 120_000;

/** What every client of AWS is made with. Each is made where it is used, so that a function loads those it needs. */
export const clientOptions = ({ endpoint, requestTimeoutMs }: Omit<AwsOptions, 'bucketsByPath'>) => ({
  ...(endpoint !== undefined && { endpoint }),
  // Standard mode backs off with full jitter; what still fails after it is for the queue to give again.
  retryMode: 'standard',
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

export const bucketOptions = (options: AwsOptions) => ({
  ...clientOptions(options),
  forcePathStyle: options.bucketsByPath,
});

export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const;
