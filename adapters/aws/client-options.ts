export type AwsOptions = {
  /**
   * The address of a server that replaces AWS. If it is undefined, the SDK uses AWS_ENDPOINT_URL and similar variables, or
   * AWS.
   */
  readonly endpoint: string | undefined;
  /** Whether bucket names are in the path, because servers that replace AWS have no host names for buckets. */
  readonly bucketsByPath: boolean;
  /** How long an answer may take. By default the SDK waits for ever. */
  readonly requestTimeoutMs: number;
};

/** For functions: their event is delivered again, so that giving up early is better than running out of time. */
export const FUNCTION_TIMEOUT_MS = 5_000;
/** For containers: a part of 16 MiB has to fit into this time. */
export const TASK_TIMEOUT_MS = 120_000;

/** The options of every AWS client. Clients are made where they are used, so that a function loads only what it needs. */
export const clientOptions = ({ endpoint, requestTimeoutMs }: Omit<AwsOptions, 'bucketsByPath'>) => ({
  ...(endpoint !== undefined && { endpoint }),
  // Standard mode backs off with full jitter. After that the queue delivers the event again.
  retryMode: 'standard',
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

/** The options of an S3 client. */
export const bucketOptions = (options: AwsOptions) => ({
  ...clientOptions(options),
  forcePathStyle: options.bucketsByPath,
});

export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const;
