// The settings of one stage, checked: what serverless.yml calls `params`, and what the scripts read. CommonJS because
// the Serverless Framework loads it with require().
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const yaml = require('js-yaml');
const z = require('zod/mini');

const yesNo = z.enum(['yes', 'no']);
const days = z.int().check(z.gte(1), z.lte(3650));
const vcpus = z.int().check(z.gte(0), z.lte(10_000));
const image = z.string().check(z.regex(/^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/));

const settings = z.strictObject({
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/)),
  /** Where notices and alarms are mailed; nothing is mailed where it is empty. */
  alertEmail: z.string(),
  slack: yesNo,
  /** Of functions and containers; `none` also takes the permission to write logs from the functions. */
  logs: z.enum(['none', 'cloudwatch']),
  /** How long logs, access logs and the trail are kept. */
  logDays: z.literal([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
  alarms: yesNo,
  trail: yesNo,
  monthlyBudgetUsd: z.number().check(z.positive()),
  versioning: z.enum(['Enabled', 'Suspended']),
  /** What becomes of buckets and job table when the stack is removed. */
  onDelete: z.enum(['Delete', 'Retain']),
  acceleration: yesNo,
  /** Web origins that may upload straight to the bucket: https://media.example.org */
  uploadOrigins: z.array(z.url()),
  workDays: days,
  cacheDays: days,
  cpuArchitecture: z.enum(['X86_64', 'ARM64']),
  encodeImage: image,
  upscaleImage: image,
  /** The disk of a Fargate task: its source, or a segment's part of it, and what it makes of it. */
  taskDiskGiB: z.int().check(z.gte(21), z.lte(200)),
  maxVcpus: vcpus,
  maxOnDemandVcpus: vcpus,
  maxGpuVcpus: vcpus,
  maxGpuOnDemandVcpus: vcpus,
  /** How many copies of on-drop may run at once: what keeps SubmitJob under its rate (docs/scale.md). */
  dropsConcurrency: z.int().check(z.gte(2), z.lte(1000)),
  /** Whether a new version of the functions takes all the work at once, or a tenth for five minutes. */
  release: z.enum(['at-once', 'canary']),
});

const STAGES = readdirSync(__dirname)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.slice(0, -4));

/** Throws one sentence that names the file, the setting, and what it takes. */
function readStage(stage) {
  const file = join(__dirname, `${stage}.yml`);
  if (!/^[a-z]+$/.test(stage) || !existsSync(file)) {
    throw sentence(`no stage "${stage}"; there are: ${STAGES.filter((name) => name !== 'local').join(', ')}`);
  }
  const parsed = settings.safeParse(yaml.load(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw sentence(`stages/${stage}.yml: ${wrong.join('; ')}`);
  }
  return parsed.data;
}

// The framework prints an error's stack where there is one, and the message is the whole story.
const sentence = (message) => Object.assign(new Error(message), { stack: undefined });

module.exports = ({ options }) => readStage(options.stage ?? 'dev');
Object.assign(module.exports, { STAGES, readStage, settings });
