import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { usage } from '../core/errors.ts';
import { jobId } from '../core/job/job.ts';
import manifest from '../package.json' with { type: 'json' };

/** The configuration of the local mill, from optional environment variables. */
export type LocalConfig = {
  /** REELMILL_FFMPEG: paths of preferred ffmpegs, separated as in PATH. */
  readonly ffmpegs: readonly string[];
  readonly searchPath: string;
  readonly cacheFolder: string;
  /** LD_LIBRARY_PATH or LD_PRELOAD: whether programs load other libraries before those of the system. */
  readonly namesLibraries: boolean;
  /** REELMILL_ROOT: the folder that contains `models/`; by default this program's. */
  readonly modelsRoot: string;
  /** The folder of the lists of what is fetched at first need; only the npm package has it. */
  readonly partsFolder: string;
  /** REELMILL_PARTS: the folder that they are fetched into; by default one in the cache folder. */
  readonly partsCache: string;
  /** REELMILL_MODELS: the folder that contains the user's `models/`, instead of the watched folder or that of --root. */
  readonly modelStore: string | undefined;
  /** REELMILL_SHARED: the folder that all mills on this machine share; by default the cache folder. */
  readonly sharedFolder: string;
  /** REELMILL_CACHE: how much room pieces may take in a work folder, as 50G. */
  readonly cacheSize: string | undefined;
  /** TENSORRT_VERSION: set by the GPU image if TensorRT and its compiler are installed. */
  readonly tensorrt: string | undefined;
  /** REELMILL_SLACK_WEBHOOK: the address of a Slack webhook that gets notices. */
  readonly slackWebhook: string | undefined;
  /** REELMILL_SMTP_URL (smtp://user:password@host:port), REELMILL_MAIL_FROM, REELMILL_MAIL_TO: all three or none. */
  readonly mail: { readonly url: string; readonly from: string; readonly to: string } | undefined;
};

/** Reads the local configuration from the environment. */
export function localConfig(): LocalConfig {
  const { env } = process;
  const { REELMILL_SMTP_URL: url, REELMILL_MAIL_FROM: from, REELMILL_MAIL_TO: to } = env;
  const cacheFolder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reelmill');
  return {
    ffmpegs: (env.REELMILL_FFMPEG ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean),
    searchPath: [env.PATH ?? '', ...usualFolders(env)].join(delimiter),
    cacheFolder,
    namesLibraries: Boolean(env.LD_LIBRARY_PATH || env.LD_PRELOAD),
    modelsRoot: env.REELMILL_ROOT || programRoot(),
    partsFolder: join(programRoot(), 'lib', 'parts'),
    partsCache: env.REELMILL_PARTS || join(cacheFolder, 'parts'),
    modelStore: env.REELMILL_MODELS || undefined,
    sharedFolder: env.REELMILL_SHARED || cacheFolder,
    cacheSize: env.REELMILL_CACHE || undefined,
    tensorrt: env.TENSORRT_VERSION || undefined,
    slackWebhook: env.REELMILL_SLACK_WEBHOOK,
    mail: url && from && to ? { url, from, to } : undefined,
  };
}

/** How the ffmpegs of this machine are found, and where it is stored what they can do. */
export const toolboxSearch = ({ ffmpegs, searchPath, cacheFolder, namesLibraries }: LocalConfig) => ({
  ...{ candidates: ffmpegs, searchPath, namesLibraries },
  ...{ cacheFile: join(cacheFolder, 'tools.json'), madeBy: manifest.version },
});

/** Where buckets are, from the variables that the AWS SDK reads. Certificates are a file by which servers are known. */
export function bucketConfig(): {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** The address of a server that replaces S3's control plane, where jobs of Batch Operations are started. */
  readonly control: string | undefined;
  readonly certificates: string | undefined;
} {
  const { env } = process;
  return {
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    endpoint: env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined,
    control: env.AWS_ENDPOINT_URL_S3_CONTROL || env.AWS_ENDPOINT_URL || undefined,
    certificates: env.AWS_CA_BUNDLE || undefined,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The command line that starts this program: Node.js and its file, which need not be on the PATH of a service. */
export const programItself = (): readonly string[] => [process.execPath, join(programRoot(), 'bin', 'reelmill.mjs')];

/** One level up from runtime/, dist/ and lib/. */
const programRoot = () => fileURLToPath(new URL('../', import.meta.url));

/** Variables of ours that stand for no option. */
export const OTHER_VARIABLES: readonly string[] = [
  ...[
    'FFMPEG',
    'ROOT',
    'MODELS',
    'SHARED',
    'PARTS',
    'SLACK_WEBHOOK',
    'SMTP_URL',
    'MAIL_FROM',
    'MAIL_TO',
    'STEP',
    'BURST',
  ],
].map((name) => `REELMILL_${name}`);

/** The variables that may stand for options of the command. */
export const optionVariables = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('REELMILL_') && value !== undefined ? [[name, value]] : [],
    ),
  );

/** Where brew and winget put programs: a service, and a terminal from before the installation, lack them on the PATH. */
function usualFolders({ LOCALAPPDATA }: Environment): readonly string[] {
  if (process.platform === 'darwin') return ['/opt/homebrew/bin', '/usr/local/bin'];
  return process.platform === 'win32' && LOCALAPPDATA ? [join(LOCALAPPDATA, 'Microsoft', 'WinGet', 'Links')] : [];
}

const text = z.string().check(z.minLength(1));
const everywhere = { STAGE: text, LOGS: z.enum(['none', 'cloudwatch']) };
/** What the stage may spend in a month; 0: there is no stop. */
const spendingStopUsd = z.string().check(z.regex(/^\d+(\.\d+)?$/));
/** The disks that containers can be given, in GiB, and behind the slash the volumes of machines: 21 50 100 200 / 500 2048 */
const disks = { DISKS_GIB: text };
const queues = {
  BATCH_QUEUE: text,
  BATCH_QUEUE_ONDEMAND: text,
  /** Set if the stack has graphics cards; so is the next one. */
  BATCH_QUEUE_GPU: z.optional(text),
  BATCH_QUEUE_GPU_ONDEMAND: z.optional(text),
  /** The queues of machines with volumes, one for each volume, separated by spaces; set if the stack has such machines. */
  BATCH_QUEUES_LARGE: z.optional(text),
  BATCH_QUEUES_LARGE_ONDEMAND: z.optional(text),
};
const sending = {
  ...everywhere,
  ...queues,
  ...disks,
  MEDIA_BUCKET: text,
  JOBS_TABLE: text,
  /** One for each disk of Fargate, separated by spaces. */
  ENCODE_JOB_DEFINITIONS: text,
  /** One for each volume, separated by spaces; set if the stack has machines with volumes. */
  LARGE_JOB_DEFINITIONS: z.optional(text),
  /** Set if the stack has graphics cards. */
  UPSCALE_JOB_DEFINITION: z.optional(text),
  UPSCALE_ON_CPU_JOB_DEFINITION: text,
  /** Set if the stage has an endpoint. */
  UPSCALE_ENDPOINT: z.optional(text),
  STATE_MACHINE_ARN: text,
  NOTICE_TOPIC_ARN: text,
  /** Where people see jobs; set if the stage has pages. */
  PAGES_URL: z.optional(text),
  /** By which tier sources in archive classes are made readable. */
  RESTORE_TIER: z.enum(['bulk', 'standard']),
  SPENDING_STOP_USD: spendingStopUsd,
};

/** The environment that the stack gives each function and container. A test compares it with resources/. */
export const STACK_ENVIRONMENT = {
  'on-drop': z.object(sending),
  'on-job-change': z.object(sending),
  'notify-slack': z.object({ ...everywhere, JOBS_TABLE: text, SLACK_SECRET_ARN: text }),
  sweep: z.object({
    ...sending,
    /** How long a job waits for a Spot machine, while Spot has none, before it goes to on-demand machines. */
    SPOT_PATIENCE_MINUTES: z.string().check(z.regex(/^[1-9]\d*$/)),
  }),
  report: z.object({
    ...{ ...everywhere, MEDIA_BUCKET: text, LOG_BUCKET: text, JOBS_TABLE: text, NOTICE_TOPIC_ARN: text },
    /** In how many months the report looks at every published file once; 0: it looks at none. */
    VERIFY_MONTHS: z.string().check(z.regex(/^\d+$/)),
  }),
  thumbnail: z.object({ ...everywhere, MEDIA_BUCKET: text }),
  api: z.object({
    ...everywhere,
    MEDIA_BUCKET: text,
    JOBS_TABLE: text,
    DROPS_QUEUE_URL: text,
    /** Where browsers reach the bucket: https://BUCKET.s3.REGION.amazonaws.com */
    BUCKET_ORIGIN: text,
    /** The issuer and the audience of the tokens of this stage's people. */
    SIGN_IN_ISSUER: text,
    SIGN_IN_CLIENT: text,
    /** Where codes by e-mail are asked for and redeemed. */
    SIGN_IN_URL: text,
  }),
  media: z.object({ ...everywhere, MEDIA_BUCKET: text }),
  'spending-stop': z.object({
    ...{ ...everywhere, JOBS_TABLE: text, NOTICE_TOPIC_ARN: text, SPENDING_STOP_USD: spendingStopUsd },
    /** The ARNs of all compute environments, with commas between them. */
    COMPUTE_ENVIRONMENTS: text,
  }),
  task: z.object({ ...everywhere, ...disks, MEDIA_BUCKET: text, LOG_BUCKET: text, JOBS_TABLE: text }),
} as const;

const optional = z.optional(text);

/** The environment of a container: what Batch and ECS set, and what the job was submitted with. */
export const STEP_ENVIRONMENT = z.object({
  S3_BUCKET: text,
  S3_KEY: text,
  JOB_ID: jobId,
  REELMILL_STEP: z.enum(['all', 'plan', 'segment', 'join']),
  /** The index of a task in an array; absent if there is only one task. */
  AWS_BATCH_JOB_ARRAY_INDEX: z.optional(z.string().check(z.regex(/^\d+$/))),
  AWS_BATCH_JOB_ID: optional,
  AWS_BATCH_JOB_ATTEMPT: optional,
  /** The address of metadata that says when the image was pulled. */
  ECS_CONTAINER_METADATA_URI_V4: optional,
});

/** The environment of a container that several small jobs share. */
export const BURST_ENVIRONMENT = z.object({
  S3_BUCKET: text,
  REELMILL_STEP: z.literal('burst'),
  /** The name of the burst's list. */
  REELMILL_BURST: text,
  /** Which of the burst's containers this is; absent if there is only one. */
  AWS_BATCH_JOB_ARRAY_INDEX: z.optional(z.string().check(z.regex(/^\d+$/))),
  AWS_BATCH_JOB_ID: optional,
  AWS_BATCH_JOB_ATTEMPT: optional,
});

/** Whether this container is one that several small jobs share. */
export const isShared = (): boolean => process.env.REELMILL_BURST !== undefined;

export type StackProgram = keyof typeof STACK_ENVIRONMENT;
export type StackConfig<P extends StackProgram> = z.infer<(typeof STACK_ENVIRONMENT)[P]>;
export type SendingConfig = StackConfig<'on-drop'>;

/** Reads a program's environment. Throws `usage`, which lists every variable that is missing or wrong. */
export function stackConfig<S extends z.ZodMiniObject>(schema: S, env: Environment = process.env): z.infer<S> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.'));
  throw usage(`missing or wrong in the environment: ${wrong.join(', ')}; the stack sets them (resources/)`);
}

/** Whether another server replaces S3. The SDK reads its address from the same variables. */
export const hasStandIn = (): boolean =>
  process.env.AWS_ENDPOINT_URL_S3 !== undefined || process.env.AWS_ENDPOINT_URL !== undefined;
