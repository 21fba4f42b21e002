import * as z from 'zod/mini';
import { usage } from '../../core/errors.ts';
import { jobId } from '../../core/job/job.ts';
import { DEVICES } from '../../core/upscale/enlargement.ts';
import { STACK_ENVIRONMENT, STEP_ENVIRONMENT, stackConfig } from '../config.ts';
import type { StepConfig } from './open-task.ts';

/** The environment of the GPU container. */
export const UPSCALE_ENVIRONMENT = z.object({
  UPSCALE_DEVICE: z._default(z.enum(DEVICES), 'cuda'),
  /** The port on which SageMaker calls the container. */
  SAGEMAKER_BIND_TO_PORT: z._default(z.string().check(z.regex(/^\d+$/)), '8080'),
  /** How long an invocation may take. An asynchronous endpoint gives it up after an hour but does not stop it. */
  INVOCATION_SECONDS: z._default(z.string().check(z.regex(/^[1-9]\d*$/)), '3300'),
});

const invocation = z.object({
  job: jobId,
  key: z.string().check(z.minLength(1)),
  step: z.enum(['all', 'plan', 'segment', 'join']),
  index: z.optional(z.int().check(z.nonnegative())),
});

/** Returns the container configuration for a job step that was sent over HTTP. Throws `usage`. */
export function invocationConfig(body: unknown): StepConfig {
  const parsed = invocation.safeParse(body);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw usage(`missing or wrong in the invocation: ${wrong || 'all'}; it is {"job", "key", "step", "index"}`);
  }
  const { job, key, step, index } = parsed.data;
  return stackConfig(STEP_ENVIRONMENT, {
    S3_BUCKET: stackConfig(STACK_ENVIRONMENT.task).MEDIA_BUCKET,
    S3_KEY: key,
    JOB_ID: job,
    REELMILL_STEP: step,
    ...(index !== undefined && { AWS_BATCH_JOB_ARRAY_INDEX: `${index}` }),
  });
}
