import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export type AwsOptions = {
  /** A server that stands in for AWS; its buckets are addressed by path. */
  readonly endpoint: string | undefined;
  /** How long one answer may take. The SDK itself would wait for ever. */
  readonly requestTimeoutMs: number;
};

/** In a function: it is redelivered, so that giving up early costs less than being cut off. */
export const FUNCTION_OPTIONS = { endpoint: undefined, requestTimeoutMs: 5_000 } as const satisfies AwsOptions;
/** In a container: a part of 16 MiB has to get through. */
export const TASK_OPTIONS = { endpoint: undefined, requestTimeoutMs: 120_000 } as const satisfies AwsOptions;

const shared = ({ endpoint, requestTimeoutMs }: AwsOptions) => ({
  ...(endpoint === undefined ? {} : { endpoint }),
  // Standard mode backs off with full jitter; what still fails after it is for the queue to give again.
  retryMode: 'standard',
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

export const s3Client = (options: AwsOptions) =>
  new S3Client({ ...shared(options), forcePathStyle: options.endpoint !== undefined });

export const dynamoClient = (options: AwsOptions) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(shared(options)), {
    marshallOptions: { removeUndefinedValues: true },
  });

export const batchClient = (options: AwsOptions) => new BatchClient(shared(options));
export const sfnClient = (options: AwsOptions) => new SFNClient(shared(options));
export const snsClient = (options: AwsOptions) => new SNSClient(shared(options));
