// Packages every stage, and what no stage has but a setting adds, and lets cfn-lint read the templates: npm run lint:cloudformation
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYED_STAGES, framework, packageFolder } from './aws/framework.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

/** Every stage, and what a setting adds that no stage has. */
const TEMPLATES = [
  ...DEPLOYED_STAGES.map((stage) => ({ name: stage, stage, param: /** @type {string[]} */ ([]) })),
  ...['iam', 'public'].map((how) => ({ name: `thumbnails-${how}`, stage: 'prod', param: [`thumbnails=${how}`] })),
  { name: 'no-gpu', stage: 'dev', param: ['maxGpuVcpus=0', 'gpuInstances=[]'] },
  {
    name: 'source-keys',
    stage: 'dev',
    param: ['logs=cloudwatch', 'sourceKeys=[arn:aws:kms:us-east-1:123456789012:key/1234abcd]'],
  },
  {
    name: 'sagemaker',
    stage: 'prod',
    param: [
      'slack=yes',
      'upscaleOn=sagemaker',
      'upscaleImage=123456789012.dkr.ecr.us-east-1.amazonaws.com/reelmill/upscale:0.1.0',
    ],
  },
];

await exitWith(async () => {
  await ensureReady({ need: ['packages', 'cfn-lint'] });
  const templates = [];
  for (const { stage, param, name } of TEMPLATES) {
    const folder = packageFolder(name);
    const code = await framework('package', { stage, param }, ['--package', folder]);
    if (code !== 0) return code;
    const names = (await readdir(folder)).filter((name) => /^cloudformation-template-.*\.json$/.test(name));
    templates.push(...names.map((name) => join(folder, name)));
  }
  const code = await runHere('cfn-lint', templates, { cwd: ROOT });
  if (code === 0) console.log(`cfn-lint finds nothing in ${templates.length} templates`);
  return code;
});
