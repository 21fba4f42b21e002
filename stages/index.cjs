// The settings of one stage, checked: what serverless.yml calls `params`, and what the scripts read. CommonJS because
// the Serverless Framework loads it with require().
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const yaml = require('js-yaml');
const z = require('zod');
const { FARGATE_ZONES } = require('../resources/zones.cjs');
const { FITTING, OPTION_SETTINGS } = require('./options.cjs');

const yesNo = z.enum(['yes', 'no']);
const days = z.int().gte(1).lte(3650);
const vcpus = z.int().gte(0).lte(10_000);
/** It is empty until `npm run image -- --stage X` has made an image and written its name down. */
const image = z
  .string()
  .regex(
    /^$|^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/,
    'is no image with its registry, such as docker.io/me/encode:1.0.0',
  );

/** SageMaker pulls from ECR alone, unless a network of yours reaches another registry. */
const ECR = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

const settings = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is no region, such as eu-central-1')
    .refine(
      (region) => (FARGATE_ZONES[region]?.length ?? 3) >= 3,
      'has fewer than three zones with Fargate, and the network wants three',
    ),
  /** Where notices and alarms are mailed; nothing is mailed where it is empty. */
  alertEmail: z.union([z.literal(''), z.email()]),
  slack: yesNo,
  /** Of functions and containers; `none` also takes the permission to write logs from the functions. */
  logs: z.enum(['none', 'cloudwatch']),
  /** How long logs, access logs and the trail are kept. */
  logDays: z.literal([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
  alarms: yesNo,
  trail: yesNo,
  monthlyBudgetUsd: z.number().positive(),
  /** The sum of a month at which nothing more is started; 0: there is no stop. */
  spendingStopUsd: z.number().gte(0),
  versioning: z.enum(['Enabled', 'Suspended']),
  /** What becomes of buckets and job table when the stack is removed. */
  onDelete: z.enum(['Delete', 'Retain']),
  acceleration: yesNo,
  /** Web origins that may upload straight to the bucket: https://media.example.org */
  uploadOrigins: z.array(z.url()),
  /** Longer than a workflow may last (14 days, resources/workflow.asl): its segments read what lies there. */
  workDays: z.int().gte(15).lte(3650),
  cacheDays: days,
  /** When what the recipe mezzanine made expires; 0: never. */
  mezzanineDays: z.int().gte(0).lte(3650),
  /** Where published files are kept. All three can be read at once; the last two take a fee for each read. */
  resultClass: z.enum(['INTELLIGENT_TIERING', 'STANDARD_IA', 'GLACIER_IR']),
  /** Which sources Intelligent-Tiering archives when nobody reads them: none, those with the tag archive=yes, or all. */
  archive: z.enum(['none', 'tagged', 'sources']),
  /** After how many days without a read a source is archived, and after how many deeply; S3 takes no others. */
  archiveDays: z.int().gte(90).lte(730),
  deepArchiveDays: z.int().gte(180).lte(730),
  cpuArchitecture: z.enum(['X86_64', 'ARM64']),
  encodeImage: image,
  upscaleImage: image,
  maxVcpus: vcpus,
  maxOnDemandVcpus: vcpus,
  /** 0: the stage has no graphics card, and networks work on processors (docs/aws.md). */
  maxGpuVcpus: vcpus,
  maxGpuOnDemandVcpus: vcpus,
  /** What a region does not have, Batch refuses: leave it out there. */
  gpuInstances: z.array(z.string().regex(/^g(4dn|5|6)\.\d*xlarge$/, 'is no GPU instance, such as g5.xlarge')),
  /** Machines with volumes, for films that are too large for a disk of Fargate. 0: the stage has none. */
  maxLargeVcpus: vcpus,
  maxLargeOnDemandVcpus: vcpus,
  /** Of 16 vCPU and 64 GiB each, since a job has one for itself. */
  largeInstances: z.array(
    z.string().regex(/^m\d[a-z]*\.4xlarge$/, 'is no machine of 16 vCPU and 64 GiB, such as m6i.4xlarge'),
  ),
  /** How long a job waits where Spot gives no machine at all, before it goes to machines on demand. */
  spotPatienceMinutes: z.int().gte(15).lte(1440),
  restoreTier: z.enum(['bulk', 'standard']),
  /** In how many months the monthly report looks at every published file once, by the sums that S3 stores; 0: never. */
  verifyMonths: z.int().gte(0).lte(120),
  /** Whether short super-resolution goes to GPU instances of Batch, or to an asynchronous endpoint of SageMaker. */
  upscaleOn: z.enum(['batch', 'sagemaker']),
  endpointInstance: z.enum([
    ...['ml.g4dn.xlarge', 'ml.g4dn.2xlarge', 'ml.g5.xlarge', 'ml.g5.2xlarge', 'ml.g6.xlarge', 'ml.g6.2xlarge'],
  ]),
  maxEndpointInstances: z.int().gte(1).lte(50),
  /** How many copies of on-drop may run at once: what keeps SubmitJob under its rate (docs/scale.md). */
  dropsConcurrency: z.int().gte(2).lte(1000),
  /** Whether a new version of the functions takes all the work at once, or a tenth for five minutes. */
  release: z.enum(['at-once', 'canary']),
  /** Whether an address serves posters in other sizes: to signed requests alone, or to everyone. */
  thumbnails: z.enum(['off', 'iam', 'public']),
  /** How many posters are made at once, of which a new account may have to ask Lambda for more than it has. */
  thumbnailsConcurrency: z.int().gte(1).lte(1000),
  /** Whether the stage has pages and their API, for the people named here. */
  pages: z.enum(['off', 'on']),
  /** The e-mail addresses of those who see and steer everything, and of those who upload and see what is theirs. */
  operators: z.array(z.email()),
  people: z.array(z.email()),
  /** An identity of SES that sends the codes; Cognito itself sends 50 mails a day. */
  signInMail: z.union([
    z.literal(''),
    z.string().regex(/^arn:aws[a-z-]*:ses:[a-z0-9-]+:\d{12}:identity\/\S+$/, 'is no ARN of an identity of SES'),
  ]),
  /** Whether an address streams the results, also in fragments, to signed requests. */
  media: z.enum(['off', 'iam']),
  /** How many answers are streamed at once. */
  mediaConcurrency: z.int().gte(1).lte(1000),
  /** The ARNs of KMS keys that sources are encrypted under; none where sources are encrypted by S3 itself. */
  sourceKeys: z
    .array(z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'is no ARN of a KMS key'))
    .max(10, 'are more keys than the policy of a role has room for; 10 at most'),
  /** Names of other buckets whose files may be sources, without being copied here: they are only read. */
  sourceBuckets: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is no bucket's name, such as my-archive"))
    .max(20, 'are more buckets than the policy of a role has room for; 20 at most'),
  ...OPTION_SETTINGS,
});

/** A job takes a whole instance of four vCPUs. */
const roomForOne = ({ maxGpuVcpus, maxGpuOnDemandVcpus }) =>
  maxGpuVcpus === 0 || Math.min(maxGpuVcpus, maxGpuOnDemandVcpus) >= 4;

/** A job of a machine with a volume takes all of its 16 vCPUs. */
const roomForLarge = ({ maxLargeVcpus, maxLargeOnDemandVcpus, largeInstances }) =>
  maxLargeVcpus === 0 || (Math.min(maxLargeVcpus, maxLargeOnDemandVcpus) >= 16 && largeInstances.length > 0);

const isArm = (/** @type {string} */ instance) => /^m\d[a-z]*g/.test(instance);

const complete = settings.check(
  z.refine(roomForLarge, {
    path: ['maxLargeVcpus'],
    message:
      'a job of a machine with a volume takes 16 vCPUs, on Spot and on demand, and one of largeInstances: 16 or more for both, or maxLargeVcpus 0 for no such machines',
  }),
  z.refine(
    ({ maxLargeVcpus, largeInstances, cpuArchitecture }) =>
      maxLargeVcpus === 0 || largeInstances.every((each) => isArm(each) === (cpuArchitecture === 'ARM64')),
    {
      path: ['largeInstances'],
      message: 'has machines of another processor than cpuArchitecture; X86_64 has m6i.4xlarge, ARM64 has m7g.4xlarge',
    },
  ),
  z.refine(roomForOne, {
    path: ['maxGpuVcpus'],
    message: 'a GPU job takes 4 vCPUs, on Spot and on demand: 4 or more for both, or maxGpuVcpus 0 for no GPU at all',
  }),
  z.refine(
    ({ upscaleOn, maxGpuVcpus, gpuInstances }) => upscaleOn === 'batch' || (maxGpuVcpus > 0 && gpuInstances.length > 0),
    {
      path: ['upscaleOn'],
      message:
        'sagemaker needs GPU instances of Batch beside it, for what is too long for it: set maxGpuVcpus and gpuInstances',
    },
  ),
  z.refine(({ spendingStopUsd, alertEmail, slack }) => spendingStopUsd === 0 || alertEmail !== '' || slack === 'yes', {
    path: ['spendingStopUsd'],
    message: 'needs somebody who is told that everything stands still: set alertEmail, or slack=yes',
  }),
  z.refine(({ pages, operators }) => pages === 'off' || operators.length > 0, {
    path: ['operators'],
    message: 'is empty, and pages=on lets nobody in but people who are named; write an e-mail address there',
  }),
  z.refine(({ archiveDays, deepArchiveDays }) => archiveDays < deepArchiveDays, {
    path: ['deepArchiveDays'],
    message: 'is no later than archiveDays; a source is archived before it is archived deeply',
  }),
  z.refine(({ upscaleOn, upscaleImage }) => upscaleOn === 'batch' || ECR.test(upscaleImage), {
    path: ['upscaleImage'],
    message:
      'is not in ECR, and upscaleOn=sagemaker can pull from nowhere else; push it to <account>.dkr.ecr.<region>.amazonaws.com/reelmill/upscale',
  }),
  ...FITTING.map(({ path, fits, message }) => z.refine(fits, { path: [path], message })),
);

const STAGES = readdirSync(__dirname)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -4));

/**
 * The settings of a stage, with `name=value` pairs over them. Throws one sentence that names what is wrong, the value,
 * and what would be right.
 * @param {string} stage
 * @param {readonly string[]} [pairs]
 */
function readStage(stage, pairs = []) {
  const file = join(__dirname, `${stage}.yml`);
  if (!/^[a-z]+$/.test(stage) || !existsSync(file)) {
    throw sentence(`no stage "${stage}"; there are: ${STAGES.filter((name) => name !== 'local').join(', ')}`);
  }
  const given = Object.fromEntries(pairs.map(parsePair));
  const parsed = complete.safeParse({ ...yaml.load(readFileSync(file, 'utf8')), ...given });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw sentence(`the settings of stage ${stage} (stages/${stage}.yml and --param): ${wrong.join('; ')}`);
}

/** @param {string} pair */
function parsePair(pair) {
  const at = pair.indexOf('=');
  if (at < 1) throw sentence(`--param ${pair} is no pair; it takes name=value, such as alertEmail=me@example.org`);
  const text = pair.slice(at + 1);
  // A key begins as a document of YAML does.
  return [pair.slice(0, at), text.startsWith('-----BEGIN ') ? text : (yaml.load(text) ?? '')];
}

// The framework prints an error's stack where there is one, and the message is the whole story.
const sentence = (message) => Object.assign(new Error(message), { stack: undefined });

module.exports = ({ options }) => readStage(options.stage ?? 'dev', options.param ?? []);
Object.assign(module.exports, { STAGES, readStage });
