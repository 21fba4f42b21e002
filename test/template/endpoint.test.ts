import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isOnPath } from '../support/is-on-path.ts';
import { at, type Json, list, type Packaged, packaged, referredTo, stringsIn } from '../support/packaged-template.ts';

const IMAGE = 'upscaleImage=123456789012.dkr.ecr.us-east-1.amazonaws.com/reelmill/upscale:1.0.0';
const ON = ['upscaleOn=sagemaker', IMAGE];
const OURS = /^(?:AWS::SageMaker|AWS::ApplicationAutoScaling)::/;

const isOn = (pack: Packaged) =>
  pack.template.Parameters.UpscaleOn?.Default === at(pack.template.Conditions, 'EndpointOn', 'Fn::Equals', 1);

describe('the endpoint', () => {
  let off: Packaged;
  let on: Packaged;
  beforeAll(async () => {
    off = await packaged('dev');
    on = await packaged('dev', ON);
  });

  const one = (type: string) => {
    const [only, ...more] = on.of(type);
    if (!only || more.length > 0) throw new Error(`not one ${type}`);
    return only;
  };

  it('is off by default, and then nothing of it is made', () => {
    expect([isOn(off), isOn(on)]).toEqual([false, true]);
    const its = off.resources.filter(
      ({ id, Type }) => OURS.test(Type) || (/endpoint/i.test(id) && Type !== 'AWS::EC2::VPCEndpoint'),
    );
    expect(its.length).toBeGreaterThan(10);
    expect(its.filter(({ Condition }) => Condition !== 'EndpointOn').map(({ id }) => id)).toEqual([]);
  });

  it('is named by nothing that is made without it', () => {
    const its = new Set(off.resources.filter(({ Condition }) => Condition === 'EndpointOn').map(({ id }) => id));
    const unguarded = (value: Json | undefined): readonly string[] => {
      if (value === null || typeof value !== 'object') return [];
      if (at(value, 'Fn::If', 0) === 'EndpointOn') return unguarded(at(value, 'Fn::If', 2));
      const name = referredTo(value);
      return [...(name !== undefined && its.has(name) ? [name] : []), ...Object.values(value).flatMap(unguarded)];
    };
    const others = off.resources.filter(({ Condition }) => Condition !== 'EndpointOn');
    expect(others.flatMap(({ id, Properties }) => unguarded(Properties).map((name) => `${id}: ${name}`))).toEqual([]);
  });

  it('runs the same image, told the same as on Batch', () => {
    const { Properties } = one('AWS::SageMaker::Model');
    expect(at(Properties, 'PrimaryContainer', 'Image')).toEqual({ Ref: 'UpscaleImage' });
    const job = on.of('AWS::Batch::JobDefinition').find(({ id }) => id === 'UpscaleJob');
    const told = list(at(job?.Properties, 'ContainerProperties', 'Environment'));
    const environment = Object.fromEntries(told.map((pair) => [at(pair, 'Name'), at(pair, 'Value')]));
    expect(at(Properties, 'PrimaryContainer', 'Environment')).toEqual(environment);
    expect(environment.AWS_REGION).toEqual({ Ref: 'AWS::Region' });
  });

  it('answers one job at a time into work/, and tells both ends to one topic that on-job-change hears', () => {
    const { Properties } = one('AWS::SageMaker::EndpointConfig');
    const its = at(Properties, 'AsyncInferenceConfig');
    expect(at(its, 'ClientConfig', 'MaxConcurrentInvocationsPerInstance')).toBe(1);
    for (const place of ['S3OutputPath', 'S3FailurePath']) {
      expect(stringsIn(at(its, 'OutputConfig', place))[0]).toMatch(/^s3:\/\/\$\{MediaBucket\}\/work\/endpoint\//);
    }
    const topics = at(its, 'OutputConfig', 'NotificationConfig');
    expect(topics).toEqual({ SuccessTopic: { Ref: 'EndpointResults' }, ErrorTopic: { Ref: 'EndpointResults' } });
    const heard = on
      .of('AWS::SNS::Subscription')
      .filter(({ Properties: each }) => referredTo(at(each, 'TopicArn')) === 'EndpointResults');
    expect(heard.map(({ Condition }) => Condition)).toEqual(['EndpointOn']);
    expect(stringsIn(at(heard[0]?.Properties, 'Endpoint'))).toContain('OnJobChangeLambdaFunction');
  });

  it('goes to no instance at all, and takes none away that is at work', () => {
    const scale = one('AWS::ApplicationAutoScaling::ScalableTarget').Properties;
    expect([at(scale, 'MinCapacity'), at(scale, 'MaxCapacity')]).toEqual([0, 1]);
    const policy = (id: string) =>
      on.of('AWS::ApplicationAutoScaling::ScalingPolicy').find((each) => each.id === id)?.Properties;
    const tracking = at(policy('EndpointGrows'), 'TargetTrackingScalingPolicyConfiguration');
    expect(at(tracking, 'CustomizedMetricSpecification', 'MetricName')).toBe('ApproximateBacklogSizePerInstance');
    expect(at(tracking, 'DisableScaleIn')).toBe(true);
    const switches = on
      .of('AWS::CloudWatch::Alarm')
      .filter(({ Condition }) => Condition === 'EndpointOn')
      .map(({ Properties }) => {
        const acts = referredTo(at(Properties, 'AlarmActions', 0)) ?? '';
        const step = at(policy(acts), 'StepScalingPolicyConfiguration');
        const to = at(step, 'StepAdjustments', 0, 'ScalingAdjustment');
        return [at(Properties, 'MetricName'), at(Properties, 'TreatMissingData'), at(step, 'AdjustmentType'), to];
      });
    expect(switches).toEqual([
      ['HasBacklogWithoutCapacity', 'notBreaching', 'ExactCapacity', 1],
      ['ApproximateBacklogSize', 'breaching', 'ExactCapacity', 0],
    ]);
  });

  it('may do what the same container may on Batch, publish to its topic, and pull its image', () => {
    const role = (id: string) => on.of('AWS::IAM::Role').find((each) => each.id === id)?.Properties;
    const [work, serve] = list(at(role('EndpointRole'), 'Policies'));
    expect(at(work, 'PolicyDocument')).toEqual(at(role('UpscaleTaskRole'), 'Policies', 0, 'PolicyDocument'));
    const [publish, ...rest] = list(at(serve, 'PolicyDocument', 'Statement'));
    expect([at(publish, 'Action'), at(publish, 'Resource')]).toEqual(['sns:Publish', { Ref: 'EndpointResults' }]);
    expect(rest.map((each) => at(each, 'Sid') ?? at(each, 'Fn::If', 0))).toEqual([
      'LogInToEcr',
      'PullFromEcr',
      'LogsOn',
    ]);
  });

  it('is invoked by those who send jobs, and by nobody else', () => {
    const invoking = on
      .of('AWS::IAM::Role')
      .filter(({ Properties }) => stringsIn(at(Properties, 'Policies')).includes('sagemaker:InvokeEndpointAsync'));
    expect(invoking.map(({ id }) => id)).toEqual(['OnDropRole', 'OnJobChangeRole', 'SweepRole']);
  });

  it('passes cfn-lint where it is on', async () => {
    if (!(await isOnPath('cfn-lint'))) throw new Error("cfn-lint is missing; install it with: pip install 'cfn-lint'");
    const names = (await readdir(on.folder)).filter((name) => /^cloudformation-template-.*\.json$/.test(name));
    const { status, stdout } = spawnSync(
      'cfn-lint',
      names.map((name) => join(on.folder, name)),
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, '']);
  });
});

describe('the settings of the endpoint', () => {
  const { readStage } = createRequire(import.meta.url)('../../stages/index.cjs') as {
    readStage(stage: string, pairs?: readonly string[]): Record<string, unknown>;
  };

  it('are taken as they are meant', () => {
    expect(readStage('dev', ON)).toMatchObject({ upscaleOn: 'sagemaker', endpointInstance: 'ml.g5.xlarge' });
  });

  it.each([
    {
      pairs: ['upscaleOn=sagemaker'],
      says: /upscaleImage: is not in ECR, and upscaleOn=sagemaker can pull from nowhere/,
    },
    { pairs: ['upscaleOn=lambda'], says: /upscaleOn: Invalid option: expected one of "batch"\|"sagemaker"/ },
    { pairs: [...ON, 'endpointInstance=g5.xlarge'], says: /endpointInstance: Invalid option.*ml\.g5\.xlarge/ },
    { pairs: [...ON, 'maxEndpointInstances=0'], says: /maxEndpointInstances: Too small/ },
  ])('are refused with a sentence: $pairs', ({ pairs, says }) => {
    expect(() => readStage('dev', pairs)).toThrow(says);
  });
});
