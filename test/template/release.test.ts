import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, DEPLOYED_STAGES, type Packaged, packaged, referredTo, stringsIn } from '../support/packaged-template.ts';

const OTHER_IMAGE = `encodeImage=docker.io/reelmill/encode:0.2.0@sha256:${'0'.repeat(64)}`;
const UPSCALE_ELSEWHERE =
  'upscaleOn=sagemaker upscaleImage=123456789012.dkr.ecr.us-east-1.amazonaws.com/reelmill/upscale:0.1.0';
const FUNCTIONS = ['OnDrop', 'OnJobChange', 'NotifySlack', 'Sweep', 'Report'];

describe.each(DEPLOYED_STAGES)('a release to %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  it('moves an alias of each function, to which everything that calls it speaks', () => {
    expect(pack.of('AWS::Lambda::Alias').map(({ id }) => id)).toEqual(FUNCTIONS.map((name) => `${name}Live`));
    const callers = [
      ...pack.of('AWS::Lambda::EventSourceMapping').map(({ Properties }) => at(Properties, 'FunctionName')),
      ...pack.of('AWS::Lambda::Permission').map(({ Properties }) => at(Properties, 'FunctionName')),
      ...pack.of('AWS::Events::Rule').map(({ Properties }) => at(Properties, 'Targets', 0, 'Arn')),
      ...pack.of('AWS::SNS::Subscription').map(({ Properties }) => at(Properties, 'Endpoint')),
    ].filter((target) => JSON.stringify(target).includes('LambdaFunction'));
    expect(callers).toHaveLength(12);
    expect(callers.filter((target) => stringsIn(target).at(-1) !== 'live')).toEqual([]);
  });

  it('gives Slack nothing to call where there is no Slack', () => {
    const named = pack.resources.filter(({ id }) => id.startsWith('NotifySlack'));
    expect(named.length).toBeGreaterThanOrEqual(7);
    expect(
      named.filter(({ Condition }) => !['SlackOn', 'SlackAlarmsOn', 'LogsOn'].includes(String(Condition))),
    ).toEqual([]);
  });

  it('fits into one template', async () => {
    const { size } = await stat(join(pack.folder, 'cloudformation-template-update-stack.json'));
    expect(size).toBeLessThan(1_000_000); // CloudFormation's own limits
    expect(pack.resources.length).toBeLessThan(500);
  });
});

describe('what shapes an environment', () => {
  const SENDERS = ['OnDropLambdaFunction', 'OnJobChangeLambdaFunction', 'SweepLambdaFunction'];
  const versions = async (params: string[]) =>
    new Map(
      (await packaged('dev', params))
        .of('AWS::Lambda::Version')
        .map(({ id, Properties }) => [referredTo(at(Properties, 'FunctionName')), id] as const),
    );

  it.each([
    { what: 'a new image', param: OTHER_IMAGE, functions: SENDERS },
    { what: 'logs turned on', param: 'logs=cloudwatch', functions: FUNCTIONS.map((name) => `${name}LambdaFunction`) },
    { what: 'another place for upscaling', param: UPSCALE_ELSEWHERE, functions: SENDERS },
    { what: 'more patience with Spot', param: 'spotPatienceMinutes=90', functions: ['SweepLambdaFunction'] },
    { what: 'another tier of restoring', param: 'restoreTier=standard', functions: SENDERS },
    { what: 'another address for mail', param: 'alertEmail=me@example.org', functions: [] },
  ])('makes new versions of the functions that it shapes: $what', async ({ param, functions }) => {
    const [before, after] = [await versions([]), await versions(param.split(' '))];
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(changed.sort()).toEqual([...functions].sort());
  });
});

describe('a release to prod', () => {
  it('shifts a tenth for five minutes and goes back when the alarm of that function goes off', async () => {
    const pack = await packaged('prod');
    const groups = pack.of('AWS::CodeDeploy::DeploymentGroup');
    expect(groups.map(({ id }) => id)).toEqual(FUNCTIONS.map((name) => `${name}Release`));
    for (const { id, Properties } of groups) {
      expect(at(Properties, 'DeploymentConfigName')).toBe('CodeDeployDefault.LambdaCanary10Percent5Minutes');
      const alarm = referredTo(at(Properties, 'AlarmConfiguration', 'Fn::If', 1, 'Alarms', 0, 'Name'));
      expect(alarm).toBe(id.replace('Release', 'Fails'));
      expect(at(Properties, 'AutoRollbackConfiguration', 'Events')).toContain('DEPLOYMENT_STOP_ON_ALARM');
    }
    for (const { id, UpdatePolicy } of pack.of('AWS::Lambda::Alias')) {
      expect(referredTo(at(UpdatePolicy, 'CodeDeployLambdaAliasUpdate', 'DeploymentGroupName'))).toBe(
        id.replace('Live', 'Release'),
      );
    }
  });

  it('has alarms to go back by', async () => {
    expect(await readFile('stages/prod.yml', 'utf8')).toMatch(/^alarms: .yes.$/m);
  });
});
