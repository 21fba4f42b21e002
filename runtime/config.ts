import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { usage } from '../core/errors.ts';
import { jobId } from '../core/job/job.ts';

/** What the local mill may be told by the environment; all of it optional. */
export type LocalConfig = {
  /** ffmpegs to prefer, by path: REELMILL_FFMPEG, separated as PATH is. */
  readonly ffmpegs: readonly string[];
  readonly searchPath: string;
  readonly cacheFolder: string;
  /** The folder in which `models/` lies: REELMILL_ROOT, or that of this program. */
  readonly modelsRoot: string;
  /** REELMILL_MODELS: the folder in whose `models/` lie models that do not ship, instead of the folder that is worked on. */
  readonly modelStore: string | undefined;
  /** What all mills on this machine may share: REELMILL_SHARED, or the cache folder. */
  readonly sharedFolder: string;
  /** TENSORRT_VERSION, where TensorRT is there with its compiler: the GPU image says so. */
  readonly tensorrt: string | undefined;
  /** REELMILL_SLACK_WEBHOOK: notices go there too. */
  readonly slackWebhook: string | undefined;
  /** REELMILL_SMTP_URL (smtp://user:password@host:port), REELMILL_MAIL_FROM, REELMILL_MAIL_TO: all three or none. */
  readonly mail: { readonly url: string; readonly from: string; readonly to: string } | undefined;
};

export function localConfig(env: Readonly<Record<string, string | undefined>> = process.env): LocalConfig {
  const { REELMILL_SMTP_URL: url, REELMILL_MAIL_FROM: from, REELMILL_MAIL_TO: to } = env;
  const modelsRoot = env.REELMILL_ROOT || fileURLToPath(new URL('../', import.meta.url)); // one level up from runtime/, and from dist/
  const cacheFolder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reelmill');
  return {
    ffmpegs: (env.REELMILL_FFMPEG ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean),
    searchPath: env.PATH ?? '',
    cacheFolder,
    modelsRoot,
    modelStore: env.REELMILL_MODELS || undefined,
    sharedFolder: env.REELMILL_SHARED || cacheFolder,
    tensorrt: env.TENSORRT_VERSION || undefined,
    slackWebhook: env.REELMILL_SLACK_WEBHOOK,
    mail: url && from && to ? { url, from, to } : undefined,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string().check(z.minLength(1));
const everywhere = { STAGE: text, LOGS: z.enum(['none', 'cloudwatch']) };
const queues = {
  BATCH_QUEUE: text,
  BATCH_QUEUE_ONDEMAND: text,
  /** Where the stack has graphics cards. */
  BATCH_QUEUE_GPU: z.optional(text),
  BATCH_QUEUE_GPU_ONDEMAND: z.optional(text),
};
const sending = {
  ...everywhere,
  ...queues,
  MEDIA_BUCKET: text,
  JOBS_TABLE: text,
  ENCODE_JOB_DEFINITION: text,
  /** Where the stack has graphics cards. */
  UPSCALE_JOB_DEFINITION: z.optional(text),
  UPSCALE_ON_CPU_JOB_DEFINITION: text,
  /** Where the stage has one. */
  UPSCALE_ENDPOINT: z.optional(text),
  STATE_MACHINE_ARN: text,
  NOTICE_TOPIC_ARN: text,
};

/** What the stack tells each function and container. A test compares it with resources/. */
export const STACK_ENVIRONMENT = {
  'on-drop': z.object(sending),
  'on-job-change': z.object(sending),
  'notify-slack': z.object({ ...everywhere, JOBS_TABLE: text, SLACK_SECRET_ARN: text }),
  sweep: z.object({
    ...sending,
    /** How long a job waits for a machine of Spot, where that gives none, before it goes to machines on demand. */
    SPOT_PATIENCE_MINUTES: z.string().check(z.regex(/^[1-9]\d*$/)),
  }),
  report: z.object({ ...everywhere, MEDIA_BUCKET: text, LOG_BUCKET: text, JOBS_TABLE: text, NOTICE_TOPIC_ARN: text }),
  thumbnail: z.object({ ...everywhere, MEDIA_BUCKET: text }),
  task: z.object({ ...everywhere, MEDIA_BUCKET: text, LOG_BUCKET: text, JOBS_TABLE: text }),
} as const;

const optional = z.optional(text);

/** What Batch and ECS tell a container, and what it was submitted with. */
export const ERRAND_ENVIRONMENT = z.object({
  S3_BUCKET: text,
  S3_KEY: text,
  JOB_ID: jobId,
  REELMILL_STEP: z.enum(['all', 'plan', 'segment', 'join']),
  /** Of an array's task; a share that is the only one has none. */
  AWS_BATCH_JOB_ARRAY_INDEX: z.optional(z.string().check(z.regex(/^\d+$/))),
  AWS_BATCH_JOB_ID: optional,
  AWS_BATCH_JOB_ATTEMPT: optional,
  /** Tells when the image was pulled. */
  ECS_CONTAINER_METADATA_URI_V4: optional,
});

export type StackProgram = keyof typeof STACK_ENVIRONMENT;
export type StackConfig<P extends StackProgram> = z.infer<(typeof STACK_ENVIRONMENT)[P]>;
export type SendingConfig = StackConfig<'on-drop'>;

/** What the stack told this program. Throws `usage` naming every name that is missing or wrong. */
export function stackConfig<S extends z.ZodMiniObject>(schema: S, env: Environment = process.env): z.infer<S> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.'));
  throw usage(`missing or wrong in the environment: ${wrong.join(', ')}; the stack sets them (resources/)`);
}

/** Whether a server stands in for S3. Where it is, the SDK reads by itself from the same names. */
export const hasStandIn = (env: Environment = process.env): boolean =>
  env.AWS_ENDPOINT_URL_S3 !== undefined || env.AWS_ENDPOINT_URL !== undefined;
