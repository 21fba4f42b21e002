import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, DEPLOYED_STAGES, type Json, list, type Packaged, packaged } from '../support/packaged-template.ts';

/** Types that take tags, and those that cost nothing and take none. A type in neither list fails the test. */
const TAGGED = [
  ...[
    'AWS::S3::Bucket',
    'AWS::SQS::Queue',
    'AWS::DynamoDB::Table',
    'AWS::SNS::Topic',
    'AWS::KMS::Key',
    'AWS::IAM::Role',
  ],
  ...['AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup', 'AWS::CloudWatch::Alarm', 'AWS::CloudTrail::Trail'],
  ...[
    'AWS::EC2::VPC',
    'AWS::EC2::InternetGateway',
    'AWS::EC2::RouteTable',
    'AWS::EC2::Subnet',
    'AWS::EC2::SecurityGroup',
  ],
  ...['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Endpoint'],
  ...['AWS::Batch::ComputeEnvironment', 'AWS::Batch::JobDefinition'],
  ...[
    'AWS::StepFunctions::StateMachine',
    'AWS::Lambda::Function',
    'AWS::CodeDeploy::Application',
    'AWS::CodeDeploy::DeploymentGroup',
  ],
];
const UNTAGGED = [
  // these cost nothing; their tags can only be changed by replacing them, which their fixed names forbid
  ...['AWS::Batch::JobQueue', 'AWS::Batch::SchedulingPolicy'],
  ...['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::SNS::Subscription'],
  ...['AWS::Lambda::Version', 'AWS::Lambda::Alias', 'AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'],
  ...['AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule', 'AWS::CloudWatch::Dashboard', 'AWS::IAM::ManagedPolicy'],
  ...['AWS::IAM::InstanceProfile', 'AWS::EC2::Route', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::VPCEndpoint'],
  ...['AWS::EC2::SubnetRouteTableAssociation', 'AWS::ApplicationAutoScaling::ScalableTarget'],
  'AWS::ApplicationAutoScaling::ScalingPolicy',
];

const asRecord = (tags: Json | undefined): unknown =>
  Array.isArray(tags) ? Object.fromEntries(list(tags).map((tag) => [at(tag, 'Key'), at(tag, 'Value')])) : tags;

describe.each(DEPLOYED_STAGES)('tags of %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const expected = () => ({ project: 'reelmill', stage });

  it('are on every resource that takes them', () => {
    const without = pack.resources.filter(({ Type, Properties }) => {
      const own = Type.startsWith('AWS::SageMaker::') ? { ...expected(), recipe: 'upscale' } : expected();
      return TAGGED.includes(Type) && JSON.stringify(asRecord(at(Properties, 'Tags'))) !== JSON.stringify(own);
    });
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('are on what is tagged in another way: budget, launch template, volumes, instances', () => {
    const [budget] = pack.of('AWS::Budgets::Budget');
    const onEc2 = pack.of('AWS::Batch::ComputeEnvironment').filter(({ id }) => /^Gpu|^Encode\d/.test(id));
    expect(asRecord(at(budget?.Properties, 'ResourceTags'))).toEqual(expected());
    for (const { Properties } of pack.of('AWS::EC2::LaunchTemplate')) {
      expect(asRecord(at(Properties, 'TagSpecifications', 0, 'Tags'))).toEqual(expected());
      expect(asRecord(at(Properties, 'LaunchTemplateData', 'TagSpecifications', 0, 'Tags'))).toEqual(expected());
    }
    expect(onEc2).toHaveLength(6);
    expect(onEc2.map(({ Properties }) => at(Properties, 'ComputeResources', 'Tags'))).toEqual(
      onEc2.map(() => expected()),
    );
  });

  it('are on no job queue, which has a fixed name and would have to be replaced to change them', () => {
    const queues = pack.of('AWS::Batch::JobQueue');
    expect(queues.length).toBeGreaterThanOrEqual(2);
    expect(queues.filter(({ Properties }) => at(Properties, 'Tags') && at(Properties, 'JobQueueName'))).toEqual([]);
  });

  it('are known for every type in the stack', () => {
    const known = [...TAGGED, ...UNTAGGED, 'AWS::Budgets::Budget', 'AWS::EC2::LaunchTemplate'];
    expect(pack.resources.filter(({ Type }) => !known.includes(Type)).map(({ id, Type }) => `${id} ${Type}`)).toEqual(
      [],
    );
  });

  it('go from jobs to the machines they run on, and name the recipe', () => {
    const machine = JSON.parse(
      String(at(pack.of('AWS::StepFunctions::StateMachine')[0]?.Properties, 'DefinitionString', 'Fn::Sub', 0)),
    ) as Json;
    const tasks = Object.values(at(machine, 'States') as object).filter((state) =>
      String(at(state, 'Resource')).includes('submitJob'),
    );
    expect(tasks).toHaveLength(4);
    for (const task of tasks) {
      expect(at(task, 'Parameters', 'Tags')).toEqual({
        project: 'reelmill',
        stage: ['$', '{Stage}'].join(''),
        'recipe.$': '$.recipe',
        'job.$': '$.jobId',
      });
    }
  });
});
