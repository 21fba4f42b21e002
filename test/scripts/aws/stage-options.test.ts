import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { capture } from '../../../scripts/child.mjs';

const run = (script: string, ...args: string[]) =>
  capture(process.execPath, [resolve('scripts', script), ...args], { env: { PATH: process.env.PATH } });

describe('a command for a stage', () => {
  it.each([
    { script: 'deploy.mjs', args: [], says: 'say which stage: npm run deploy -- --stage dev|test|prod' },
    { script: 'deploy.mjs', args: ['--stage', 'prd'], says: 'no stage "prd"; there are: dev, prod, test' },
    { script: 'deploy.mjs', args: ['--stage', '../x'], says: 'no stage "../x"; there are: dev, prod, test' },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'local'],
      says: 'stage local is not for this; there are: dev, test, prod',
    },
    { script: 'deploy.mjs', args: ['--stag', 'dev'], says: "Unknown option '--stag'" },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'logs=all'],
      says: 'logs: Invalid option: expected one of "none"|"cloudwatch"',
    },
    { script: 'deploy.mjs', args: ['--stage', 'dev', '--param', 'nonsense=1'], says: 'Unrecognized key: "nonsense"' },
    { script: 'deploy.mjs', args: ['--stage', 'dev', '--param', 'logDays=2'], says: 'logDays: Invalid' },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'maxLargeVcpus=8'],
      says: 'maxLargeVcpus: a job of a machine with a volume takes 16 vCPUs, on Spot and on demand, and one of largeInstances',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'largeInstances=[m5.large]'],
      says: 'largeInstances: 0: is no machine of 16 vCPU and 64 GiB, such as m6i.4xlarge',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'prod', '--param', 'cpuArchitecture=ARM64'],
      says: 'largeInstances: has machines of another processor than cpuArchitecture',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'maxGpuVcpus=2'],
      says: 'maxGpuVcpus: a GPU job takes 4 vCPUs, on Spot and on demand: 4 or more for both, or maxGpuVcpus 0 for no GPU at all',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'gpuInstances=[m5.large]'],
      says: 'gpuInstances: 0: is no GPU instance, such as g5.xlarge',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'sourceKeys=[alias/mine]'],
      says: 'sourceKeys: 0: is no ARN of a KMS key',
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', 'sourceBuckets=[s3://mine]'],
      says: "sourceBuckets: 0: is no bucket's name, such as my-archive",
    },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'dev', '--param', `sourceBuckets=[${Array.from({ length: 21 }, (_, at) => `films-${at}`)}]`],
      says: 'sourceBuckets: are more buckets than the policy of a role has room for; 20 at most',
    },
    { script: 'deploy.mjs', args: ['--stage', 'dev', '--param', 'slack'], says: '--param slack is no pair' },
    {
      script: 'deploy.mjs',
      args: ['--stage', 'test'],
      says: 'stage test needs alertEmail (alarms have to reach somebody)',
    },
    {
      script: 'deploy.mjs',
      args: [
        '--stage',
        'prod',
        '--param',
        'alertEmail=me@example.org',
        '--param',
        'encodeImage=docker.io/me/encode:1.0',
      ],
      says: 'stage prod needs encodeImage with its digest',
    },
    { script: 'destroy.mjs', args: [], says: 'say which stage: npm run destroy' },
    { script: 'redrive.mjs', args: ['--stage', 'prd'], says: 'no stage "prd"' },
    { script: 'smoke.mjs', args: ['--stage', 'dev', '--region', 'x'], says: "Unknown option '--region'" },
    { script: 'package.mjs', args: ['--stage', 'prd'], says: 'no stage "prd"' },
  ])('refuses $script $args in one sentence', async ({ script, args, says }) => {
    const { code, stderr, stdout } = await run(script, ...args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^reelmill: [^\n]*\n$/);
    expect(stderr).toContain(says);
  });
});
