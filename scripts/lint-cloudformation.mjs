// Packages every stage, and what no stage has but a setting adds, and lets cfn-lint read the templates and the deployer's:
// npm run lint:cloudformation
import { generateKeyPairSync } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYED_STAGES, framework, packageFolder } from './aws/framework.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

const ECR = '111122223333.dkr.ecr.us-east-1.amazonaws.com/reelmill';

/** A stage is deployed with both, whatever its settings say (scripts/aws/before-deploy.mjs). */
const IMAGES = [`encodeImage=${ECR}/encode:1`, `upscaleImage=${ECR}/upscale:1`];

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What is off in every stage (docs/aws-options.md), in both of its forms where it has two. */
const OPTIONS = [
  ...['objectLock=compliance', 'inventory=daily', 'storageLens=advanced', 'backup=weekly', 'bulkChanges=yes'],
  ...['transferHost=yes', 'cdn=signed', `cdnPublicKey=${publicKey.export({ type: 'spki', format: 'pem' })}`],
  ...['replicaBucket=copies', 'replicaRegion=eu-west-1', 'replicaDeletes=yes'],
  ...['replicaKey=arn:aws:kms:eu-west-1:123456789012:key/1234abcd'],
  'sourceKeys=[arn:aws:kms:us-east-1:123456789012:key/1234abcd]',
];

/** Every stage, and each setting that changes the template and that no stage has. */
const TEMPLATES = [
  ...DEPLOYED_STAGES.map((stage) => ({ name: stage, stage, param: /** @type {string[]} */ ([]) })),
  ...['iam', 'public'].map((how) => ({ name: `thumbnails-${how}`, stage: 'prod', param: [`thumbnails=${how}`] })),
  { name: 'media', stage: 'prod', param: ['media=iam'] },
  { name: 'spending-stop', stage: 'prod', param: ['spendingStopUsd=100', 'slack=yes', 'sourceBuckets=[my-archive]'] },
  { name: 'large', stage: 'dev', param: ['maxLargeVcpus=32', 'maxLargeOnDemandVcpus=16', 'maxGpuVcpus=0'] },
  { name: 'no-gpu', stage: 'dev', param: ['maxGpuVcpus=0', 'gpuInstances=[]'] },
  {
    name: 'source-keys',
    stage: 'dev',
    param: ['logs=cloudwatch', 'sourceKeys=[arn:aws:kms:us-east-1:123456789012:key/1234abcd]'],
  },
  {
    name: 'sagemaker',
    stage: 'prod',
    param: ['slack=yes', 'upscaleOn=sagemaker'],
  },
  { name: 'pages', stage: 'prod', param: ['pages=on', 'operators=[me@example.org]', 'people=[you@example.org]'] },
  { name: 'docker-hub', stage: 'dev', param: ['encodeImage=docker.io/me/encode:1'] },
  { name: 'zones-by-name', stage: 'dev', param: ['region=eu-central-1'] },
  { name: 'arm64', stage: 'dev', param: ['cpuArchitecture=ARM64'] },
  { name: 'web', stage: 'dev', param: ['acceleration=yes', 'uploadOrigins=["https://media.example.org"]'] },
  {
    name: 'archive',
    stage: 'dev',
    param: ['archive=tagged', 'resultClass=STANDARD_IA', 'mezzanineDays=60'],
  },
  { name: 'options', stage: 'prod', param: OPTIONS },
  {
    name: 'options-least',
    stage: 'prod',
    param: [
      'objectLock=ready',
      'inventory=weekly',
      'storageLens=free',
      'replicaBucket=copies',
      'replicaRegion=eu-west-1',
    ],
  },
];
/** Not the framework's. */
const OTHERS = ['bootstrap', 'deployer', 'replica-bucket'].map((name) => join('resources', `${name}.yml`));

await exitWith(async () => {
  await ensureReady({ need: ['packages', 'cfn-lint'] });
  const templates = [...OTHERS];
  for (const { stage, param, name } of TEMPLATES) {
    const folder = packageFolder(name);
    const given = [...IMAGES.filter((image) => !param.some((pair) => settingOf(pair) === settingOf(image))), ...param];
    const code = await framework('package', { stage, param: given }, ['--package', folder]);
    if (code !== 0) return code;
    const names = (await readdir(folder)).filter((name) => /^cloudformation-template-.*\.json$/.test(name));
    templates.push(...names.map((name) => join(folder, name)));
  }
  const code = await runHere('cfn-lint', templates, { cwd: ROOT });
  if (code === 0) console.log(`cfn-lint finds nothing in ${templates.length} templates`);
  return code;
});

/** @param {string} pair */
function settingOf(pair) {
  return pair.slice(0, pair.indexOf('='));
}
