import { beforeAll, describe, expect, it } from '@jest/globals';
import { deployerTemplate } from '../support/deployer-policy.ts';
import { evaluated, type Made } from '../support/evaluated-template.ts';
import { at, DEPLOYED_STAGES, type Json, list, packaged } from '../support/packaged-template.ts';

/** As long as names get: a long region, the longest stage, all that policies grow by, and as many sources elsewhere as a stage may name. */
const DEPLOYMENT = { account: '123456789012', region: 'ap-southeast-1', stack: 'reelmill-prod' };
const BUCKETS = Array.from({ length: 20 }, (_, index) => `${'films-'.repeat(10)}${100 + index}`);
const KEYS = Array.from({ length: 10 }, () => `arn:aws:kms:ap-southeast-1:123456789012:key/${'0123456789'.repeat(4)}`);
const PARAMS = ['spendingStopUsd=100', 'slack=yes', 'verifyMonths=12', `sourceBuckets=[${BUCKETS}]`];

/** IAM counts no white space (its quotas). */
const length = (value: unknown): number => JSON.stringify(value).length;

describe('a stack is within the limits of AWS', () => {
  let made: readonly Made[];
  beforeAll(async () => {
    const { template } = await packaged('prod', PARAMS);
    const parameters = { SourceKeys: KEYS.join(','), UpscaleOn: 'sagemaker', Logs: 'cloudwatch' };
    made = [...evaluated(template, { ...DEPLOYMENT, parameters }).values()];
  }, 300_000);

  it.each<{ what: string; type: string; most: number; measured: (properties: Made['Properties']) => number }>([
    {
      what: 'the policies of a role',
      type: 'AWS::IAM::Role',
      most: 10_240,
      measured: (role) =>
        list(at(role, 'Policies')).reduce((sum: number, each: Json) => sum + length(at(each, 'PolicyDocument')), 0),
    },
    {
      what: 'a policy by itself',
      type: 'AWS::IAM::ManagedPolicy',
      most: 6_144,
      measured: (policy) => length(at(policy, 'PolicyDocument')),
    },
    {
      what: 'the environment of a function',
      type: 'AWS::Lambda::Function',
      most: 4_096,
      measured: (each) => length(at(each, 'Environment', 'Variables') ?? {}),
    },
    {
      what: "an endpoint's policy",
      type: 'AWS::EC2::VPCEndpoint',
      most: 20_480,
      measured: (each) => length(at(each, 'PolicyDocument')),
    },
  ])('in the size of $what', ({ type, most, measured }) => {
    const sizes = made
      .filter(({ Type }) => Type === type)
      .map(({ id, Properties }) => [id, measured(Properties)] as const);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.filter(([, size]) => size > most)).toEqual([]);
  });

  it.each(DEPLOYED_STAGES)('in the size of each policy of who deploys %s', async (stage) => {
    const resources = Object.entries(await deployerTemplate(stage));
    const sizes = resources
      .filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy')
      .map(([id, { Properties }]) => [id, length(Properties.PolicyDocument)] as const);
    expect(sizes.length).toBeGreaterThan(5);
    // a region's name may be longer by as much as this
    expect(sizes.filter(([, size]) => size > 6_144 - 100)).toEqual([]);
  });
});
