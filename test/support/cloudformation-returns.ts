import type { JsonObject } from './packaged-template.ts';

/** What `Ref` and `GetAtt` give of a resource. */
export type Returned = { readonly Ref: string; readonly attributes: Readonly<Record<string, string>> };

export type Naming = {
  readonly id: string;
  readonly properties: JsonObject;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly partition: string;
};

/**
 * What each type of resource returns, after its page in the CloudFormation template reference
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, "Return values"). Where AWS would make up a name,
 * ours is `<stack>-<logical id>-MADEUP`.
 */
export const RETURNED: Readonly<Record<string, (naming: Naming) => Returned>> = {
  'AWS::S3::Bucket': (its) => {
    const Ref = named(its, 'BucketName').toLowerCase();
    const RegionalDomainName = `${Ref}.s3.${its.region}.amazonaws.com`;
    return { Ref, attributes: { Arn: `arn:${its.partition}:s3:::${Ref}`, RegionalDomainName } };
  },
  'AWS::S3::StorageLens': (its) => byArn(arn(its, 's3', `storage-lens/${its.stack}`)),
  'AWS::Backup::BackupVault': (its) =>
    byName(its, 'BackupVaultName', (name) => arn(its, 'backup', `backup-vault:${name}`)),
  'AWS::Backup::BackupPlan': () => byArn('12345678-1234-1234-1234-123456789012'),
  'AWS::Backup::BackupSelection': () => byArn('12345678-1234-1234-1234-123456789012'),
  'AWS::CloudFront::PublicKey': () => byId('K2ABCDEFGHIJKL'),
  'AWS::CloudFront::KeyGroup': () => byId('12345678-1234-1234-1234-123456789012'),
  'AWS::CloudFront::OriginAccessControl': () => byId('E3ABCDEFGHIJKL'),
  'AWS::CloudFront::CachePolicy': () => byId('12345678-1234-1234-1234-123456789012'),
  'AWS::CloudFront::Distribution': () => ({
    Ref: 'EDFDVBD6EXAMPLE',
    attributes: { Id: 'EDFDVBD6EXAMPLE', DomainName: 'd111111abcdef8.cloudfront.net' },
  }),
  'AWS::SQS::Queue': (its) => {
    const QueueName = named(its, 'QueueName');
    const Ref = `https://sqs.${its.region}.amazonaws.com/${its.account}/${QueueName}`;
    return { Ref, attributes: { Arn: arn(its, 'sqs', QueueName), QueueName, QueueUrl: Ref } };
  },
  'AWS::SNS::Topic': (its) => {
    const TopicName = named(its, 'TopicName');
    const Ref = arn(its, 'sns', TopicName);
    return { Ref, attributes: { TopicName, TopicArn: Ref } };
  },
  'AWS::DynamoDB::Table': (its) => byName(its, 'TableName', (name) => arn(its, 'dynamodb', `table/${name}`)),
  // The one whose Arn is no Arn that a policy can go on from: it ends in :*
  'AWS::Logs::LogGroup': (its) => byName(its, 'LogGroupName', (name) => `${arn(its, 'logs', `log-group:${name}`)}:*`),
  'AWS::IAM::Role': (its) => byName(its, 'RoleName', (name) => global(its, 'iam', `role/${name}`)),
  'AWS::IAM::InstanceProfile': (its) =>
    byName(its, 'InstanceProfileName', (name) => global(its, 'iam', `instance-profile/${name}`)),
  'AWS::IAM::ManagedPolicy': (its) => byArn(global(its, 'iam', `policy/${named(its, 'ManagedPolicyName')}`)),
  'AWS::KMS::Key': (its) => {
    const Ref = '12345678-1234-1234-1234-123456789012';
    return { Ref, attributes: { Arn: arn(its, 'kms', `key/${Ref}`), KeyId: Ref } };
  },
  'AWS::SecretsManager::Secret': (its) => {
    const Ref = arn(its, 'secretsmanager', `secret:${named(its, 'Name')}-a1b2c3`);
    return { Ref, attributes: { Id: Ref } };
  },
  'AWS::Batch::JobQueue': (its) => queueLike(its, 'job-queue', 'JobQueueName', 'JobQueueArn'),
  'AWS::Batch::SchedulingPolicy': (its) => byArn(arn(its, 'batch', `scheduling-policy/${named(its, 'Name')}`)),
  'AWS::Batch::ComputeEnvironment': (its) =>
    queueLike(its, 'compute-environment', 'ComputeEnvironmentName', 'ComputeEnvironmentArn'),
  'AWS::Batch::JobDefinition': (its) => byArn(arn(its, 'batch', `job-definition/${named(its, 'JobDefinitionName')}:1`)),
  'AWS::StepFunctions::StateMachine': (its) => {
    const Name = named(its, 'StateMachineName');
    const Ref = arn(its, 'states', `stateMachine:${Name}`);
    return { Ref, attributes: { Arn: Ref, Name } };
  },
  'AWS::Lambda::Function': (its) => byName(its, 'FunctionName', (name) => arn(its, 'lambda', `function:${name}`)),
  'AWS::Lambda::Version': (its) => ({ Ref: `${functionOf(its)}:1`, attributes: { Version: '1' } }),
  'AWS::Lambda::Alias': (its) => byArn(`${functionOf(its)}:${String(its.properties.Name)}`),
  'AWS::Cognito::UserPool': (its) => plain(`${its.region}_Aa1Bb2Cc3`),
  'AWS::Cognito::UserPoolClient': () => plain('1h57kf5cpq17m0eml12EXAMPLE'),
  'AWS::Cognito::UserPoolGroup': (its) => plain(named(its, 'GroupName')),
  'AWS::Cognito::UserPoolUser': (its) => plain(named(its, 'Username')),
  'AWS::Cognito::UserPoolUserToGroupAttachment': (its) => plain(`${its.id}-MADEUP`),
  'AWS::ApiGatewayV2::Api': (its) => {
    const Ref = 'a1bcdef2gh';
    return { Ref, attributes: { ApiId: Ref, ApiEndpoint: `https://${Ref}.execute-api.${its.region}.amazonaws.com` } };
  },
  'AWS::ApiGatewayV2::Authorizer': () => plain('abcde1'),
  'AWS::ApiGatewayV2::Integration': () => plain('abcd123'),
  'AWS::ApiGatewayV2::Route': () => plain('vbo4rqf'),
  'AWS::ApiGatewayV2::Stage': () => plain('$default'),
  'AWS::Lambda::Url': (its) => byArn(functionOf(its)),
  'AWS::Lambda::EventSourceMapping': () => byArn('12345678-1234-1234-1234-123456789012'),
  'AWS::Events::Rule': (its) => byName(its, 'Name', (name) => arn(its, 'events', `rule/${name}`)),
  'AWS::CloudWatch::Alarm': (its) => byName(its, 'AlarmName', (name) => arn(its, 'cloudwatch', `alarm:${name}`)),
  'AWS::CloudTrail::Trail': (its) => byName(its, 'TrailName', (name) => arn(its, 'cloudtrail', `trail/${name}`)),
  'AWS::SageMaker::Model': (its) => sageMaker(its, 'model', 'ModelName'),
  'AWS::SageMaker::EndpointConfig': (its) => sageMaker(its, 'endpoint-config', 'EndpointConfigName'),
  'AWS::SageMaker::Endpoint': (its) => sageMaker(its, 'endpoint', 'EndpointName'),
  'AWS::EC2::LaunchTemplate': () => ({ Ref: 'lt-0123456789abcdef0', attributes: { LatestVersionNumber: '1' } }),
  'AWS::EC2::VPC': () => byArn('vpc-0123456789abcdef0'),
  'AWS::EC2::SecurityGroup': () => ({ Ref: 'sg-0123456789abcdef0', attributes: { GroupId: 'sg-0123456789abcdef0' } }),
  ...Object.fromEntries(
    [
      ...['EC2::Subnet', 'EC2::InternetGateway', 'EC2::VPCGatewayAttachment', 'EC2::RouteTable', 'EC2::Route'],
      ...['EC2::SubnetRouteTableAssociation', 'EC2::VPCEndpoint', 'S3::BucketPolicy', 'SQS::QueuePolicy'],
      ...['SNS::TopicPolicy', 'SNS::Subscription', 'Lambda::Permission', 'Lambda::EventInvokeConfig'],
      ...['CloudWatch::Dashboard', 'Budgets::Budget', 'CodeDeploy::Application', 'CodeDeploy::DeploymentGroup'],
      ...['ApplicationAutoScaling::ScalableTarget', 'ApplicationAutoScaling::ScalingPolicy'],
    ].map((type) => [`AWS::${type}`, (its: Naming) => byArn(`${its.stack}-${its.id}`)]),
  ),
};

function named({ id, properties, stack }: Naming, property: string): string {
  const given = properties[property];
  return typeof given === 'string' ? given : `${stack}-${id}-MADEUP`;
}

const arn = ({ partition, region, account }: Naming, service: string, rest: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;
const global = ({ partition, account }: Naming, service: string, rest: string): string =>
  `arn:${partition}:${service}::${account}:${rest}`;

const byArn = (Ref: string): Returned => ({ Ref, attributes: { Arn: Ref } });
const byId = (Ref: string): Returned => ({ Ref, attributes: { Id: Ref } });

function byName(its: Naming, property: string, arnOf: (name: string) => string): Returned {
  const Ref = named(its, property);
  return { Ref, attributes: { Arn: arnOf(Ref) } };
}

function queueLike(its: Naming, kind: string, property: string, attribute: string): Returned {
  const Ref = arn(its, 'batch', `${kind}/${named(its, property)}`);
  return { Ref, attributes: { [attribute]: Ref } };
}

function sageMaker(its: Naming, kind: string, attribute: string): Returned {
  const name = named(its, attribute);
  return { Ref: arn(its, 'sagemaker', `${kind}/${name.toLowerCase()}`), attributes: { [attribute]: name } };
}

function functionOf(its: Naming): string {
  const given = String(its.properties.FunctionName ?? its.properties.TargetFunctionArn);
  return given.startsWith('arn:') ? given : arn(its, 'lambda', `function:${given}`);
}

const plain = (Ref: string): Returned => ({ Ref, attributes: {} });
