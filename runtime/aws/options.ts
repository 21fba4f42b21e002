import { type AwsOptions, FUNCTION_TIMEOUT_MS, TASK_TIMEOUT_MS } from '../../adapters/aws/client-options.ts';
import { hasStandIn } from '../config.ts';

export const functionOptions = (): AwsOptions => ({
  endpoint: undefined,
  bucketsByPath: hasStandIn(),
  requestTimeoutMs: FUNCTION_TIMEOUT_MS,
});

export const taskOptions = (): AwsOptions => ({ ...functionOptions(), requestTimeoutMs: TASK_TIMEOUT_MS });
