import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  list,
  type Packaged,
  packaged,
  referredTo,
  stringsIn,
} from '../support/packaged-template.ts';

/** Actions for which IAM knows no resource finer than all (its service authorisation reference), and what holds them in. */
const EVERYTHING_OR_NOTHING: Readonly<Record<string, string>> = {
  'batch:ListJobs': 'lists by queue, but is authorised for the account',
  'batch:DescribeJobs': 'asked by job id, authorised for the account',
  'batch:DescribeJobQueues': 'asked by name, authorised for the account',
  'batch:DescribeComputeEnvironments': 'asked by name, authorised for the account',
  'ec2:DescribeInstances': 'a Describe of EC2',
  'sagemaker:ListEndpoints': 'a List',
  'cloudwatch:GetMetricStatistics': 'reads by name; knows no resource',
  'cloudtrail:LookupEvents': 'the event history of the account',
  'ce:GetCostAndUsage': 'the bill of the account',
  'cloudwatch:PutMetricData': 'held in by its condition on the namespace',
  'ecr:GetAuthorizationToken': 'one token a registry',
  'ecs:DiscoverPollEndpoint': 'where the agent of an instance asks for work',
  'logs:CreateLogDelivery': 'vended logs, as Step Functions asks for them',
  'logs:GetLogDelivery': 'vended logs',
  'logs:UpdateLogDelivery': 'vended logs',
  'logs:DeleteLogDelivery': 'vended logs',
  'logs:ListLogDeliveries': 'vended logs',
  'logs:PutResourcePolicy': 'vended logs',
  'logs:DescribeResourcePolicies': 'vended logs',
  'logs:DescribeLogGroups': 'vended logs',
};

const FUNCTIONS = ['OnDrop', 'OnJobChange', 'NotifySlack', 'Sweep', 'Report'];

const flat = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value].flat());

/** Statements of a role's own policies; of one that only counts under a condition, with the condition's name. */
function statementsOf(properties: Json) {
  const all = list(at(properties, 'Policies')).flatMap((policy) => list(at(policy, 'PolicyDocument', 'Statement')));
  return all.map((each) => ({ statement: at(each, 'Fn::If', 1) ?? each, condition: at(each, 'Fn::If', 0) }));
}

describe.each(DEPLOYED_STAGES)('roles of %s', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const roles = () => pack.of('AWS::IAM::Role');
  const statements = () =>
    roles().flatMap(({ id, Properties }) => statementsOf(Properties).map((each) => ({ role: id, ...each })));

  it('are one for each function and each kind of task', () => {
    const named = pack.of('AWS::Lambda::Function').map(({ id, Properties }) => [id, at(Properties, 'Role', 'Fn::Sub')]);
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(FUNCTIONS.map((name) => [`${name}LambdaFunction`, `\${${name}Role.Arn}`])),
    );
    for (const { id, Properties } of pack.of('AWS::Batch::JobDefinition')) {
      const role = id.startsWith('Encode') ? 'EncodeTaskRole' : 'UpscaleTaskRole';
      expect([id, referredTo(at(Properties, 'ContainerProperties', 'JobRoleArn'))]).toEqual([id, role]);
    }
  });

  it('allow something everywhere only where IAM knows nothing finer', () => {
    const everywhere = statements().filter(({ statement }) => flat(at(statement, 'Resource')).includes('*'));
    const actions = everywhere.flatMap(({ statement }) => flat(at(statement, 'Action')).map(String));
    expect(actions).not.toEqual([]);
    expect(actions.filter((action) => !(action in EVERYTHING_OR_NOTHING))).toEqual([]);
  });

  it('publish metrics of their own namespace only', () => {
    const publishing = statements().filter(({ statement }) =>
      flat(at(statement, 'Action')).includes('cloudwatch:PutMetricData'),
    );
    expect(publishing.map(({ role }) => role)).toEqual(['OnJobChangeRole', 'SweepRole']);
    for (const { statement } of publishing) {
      expect(at(statement, 'Condition', 'StringEquals', 'cloudwatch:namespace')).toBe('Reelmill');
    }
  });

  it('name every action they allow', () => {
    const actions = statements().flatMap(({ statement }) => flat(at(statement, 'Action')).map(String));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('never let anyone delete or overwrite a source', () => {
    const changing = statements().filter(({ statement }) =>
      flat(at(statement, 'Action')).some((action) =>
        ['s3:DeleteObject', 's3:PutObject', 's3:DeleteObjectVersion'].includes(String(action)),
      ),
    );
    expect(changing).not.toEqual([]);
    const resources = changing.flatMap(({ statement }) => stringsIn(at(statement, 'Resource')));
    expect(resources.filter((arn) => /\/input|Arn}\/?\*?$/.test(arn))).toEqual([]);
  });

  it('are taken by the service they are for, and by nobody else', () => {
    for (const { id, Properties } of roles()) {
      const trusted = list(at(Properties, 'AssumeRolePolicyDocument', 'Statement'));
      expect(trusted.map((each) => typeof at(each, 'Principal', 'Service'))).toEqual(['string']);
      const service = String(at(trusted[0], 'Principal', 'Service'));
      // These two cannot be told for whom they act.
      if (!['lambda.amazonaws.com', 'ec2.amazonaws.com'].includes(service)) {
        expect([id, at(trusted[0], 'Condition', 'StringEquals', 'aws:SourceAccount')]).toEqual([
          id,
          { Ref: 'AWS::AccountId' },
        ]);
      }
    }
  });

  it('let functions write logs only with logs=cloudwatch', () => {
    const writing = statements().filter(({ statement }) =>
      flat(at(statement, 'Action')).some((action) => String(action).startsWith('logs:')),
    );
    expect(writing.filter(({ condition }) => condition !== 'LogsOn').map(({ role }) => role)).toEqual([
      'TaskExecutionRole',
    ]);
    expect(pack.of('AWS::IAM::ManagedPolicy').map(({ id, Condition }) => [id, Condition])).toEqual([
      ['FunctionLogsPolicy', 'LogsOn'],
    ]);
    expect(pack.of('AWS::IAM::Policy')).toEqual([]);
    expect(roles().flatMap(({ Properties }) => stringsIn(at(Properties, 'ManagedPolicyArns')))).toEqual([]);
  });

  it('let nobody else send drops: S3, for the one bucket of this account', () => {
    const policy = pack.of('AWS::SQS::QueuePolicy').find(({ id }) => id === 'DropsQueuePolicy');
    const allowed = list(at(policy?.Properties, 'PolicyDocument', 'Statement')).filter(
      (each) => at(each, 'Effect') === 'Allow',
    );
    expect(allowed.map((each) => at(each, 'Principal'))).toEqual([{ Service: 's3.amazonaws.com' }]);
    expect(at(allowed[0], 'Condition', 'StringEquals', 'aws:SourceAccount')).toEqual({ Ref: 'AWS::AccountId' });
    expect(stringsIn(at(allowed[0], 'Condition', 'ArnLike'))).toEqual([
      expect.stringContaining(`reelmill-${stage}-media-`),
    ]);
  });
});
