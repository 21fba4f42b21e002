import { type AwsOptions, FUNCTION_TIMEOUT_MS, TASK_TIMEOUT_MS } from '../../adapters/aws/client-options.ts';
import { hasStandIn } from '../config.ts';

/** Returns the options of the clients of a Lambda function, which is paid for while it waits. */
export const functionOptions = (): AwsOptions => ({
  endpoint: undefined,
  bucketsByPath: hasStandIn(),
  requestTimeoutMs: FUNCTION_TIMEOUT_MS,
});

/** Returns the options of the clients of a container, which may wait longer for an answer. */
export const taskOptions = (): AwsOptions => ({ ...functionOptions(), requestTimeoutMs: TASK_TIMEOUT_MS });
