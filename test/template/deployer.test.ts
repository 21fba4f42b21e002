import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bootstrapTypes, deployerTemplate, matches, type Statement, statementsOf } from '../support/deployer-policy.ts';
import { ALL_OPTIONS } from '../support/option-params.ts';
import { DEPLOYED_STAGES, packaged } from '../support/packaged-template.ts';

const DEPLOY = ['DeployStack', 'DeployCompute', 'DeployData'];
const DEPLOY_OPTIONS = [...DEPLOY, 'DeployOptions', 'DeployPages'];
/** A stack of its own, resources/bootstrap.yml. */
const DEPLOY_IMAGES = ['DeployImages'];

/**
 * What CloudFormation calls to make, change, read and remove a resource, by the handlers in the schemas of its resource
 * types. A type of the stack that is not in this table fails the test.
 */
const HANDLERS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['Api', 'Authorizer', 'Integration', 'Route', 'Stage'].map((name) => [
      `AWS::ApiGatewayV2::${name}`,
      ['POST', 'PATCH', 'GET', 'DELETE'].map((verb) => `apigateway:${verb}`),
    ]),
  ),
  'AWS::CodeBuild::Project': [
    ...['codebuild:CreateProject', 'codebuild:UpdateProject', 'codebuild:DeleteProject', 'codebuild:BatchGetProjects'],
    'iam:PassRole',
  ],
  'AWS::Cognito::UserPool': [
    'cognito-idp:CreateUserPool',
    'cognito-idp:UpdateUserPool',
    'cognito-idp:DescribeUserPool',
    'cognito-idp:DeleteUserPool',
    'cognito-idp:GetUserPoolMfaConfig',
    'cognito-idp:TagResource',
  ],
  'AWS::Cognito::UserPoolClient': ['Create', 'Update', 'Describe', 'Delete'].map(
    (verb) => `cognito-idp:${verb}UserPoolClient`,
  ),
  'AWS::Cognito::UserPoolGroup': ['Create', 'Update', 'Get', 'Delete'].map((verb) => `cognito-idp:${verb}Group`),
  'AWS::Cognito::UserPoolUser': ['AdminCreateUser', 'AdminGetUser', 'AdminDeleteUser'].map(
    (call) => `cognito-idp:${call}`,
  ),
  'AWS::Cognito::UserPoolUserToGroupAttachment': [
    'cognito-idp:AdminAddUserToGroup',
    'cognito-idp:AdminRemoveUserFromGroup',
    'cognito-idp:AdminListGroupsForUser',
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    'application-autoscaling:RegisterScalableTarget',
    'application-autoscaling:DeregisterScalableTarget',
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    'application-autoscaling:PutScalingPolicy',
    'application-autoscaling:DeleteScalingPolicy',
  ],
  'AWS::Backup::BackupPlan': [
    ...['backup:CreateBackupPlan', 'backup:GetBackupPlan', 'backup:UpdateBackupPlan', 'backup:DeleteBackupPlan'],
    ...['backup:TagResource', 'backup:ListTags'],
  ],
  'AWS::Backup::BackupSelection': [
    ...['backup:CreateBackupSelection', 'backup:GetBackupSelection', 'backup:DeleteBackupSelection', 'iam:PassRole'],
  ],
  'AWS::Backup::BackupVault': [
    ...['backup:CreateBackupVault', 'backup:DescribeBackupVault', 'backup:DeleteBackupVault', 'backup:TagResource'],
    ...['backup-storage:MountCapsule', 'kms:CreateGrant', 'kms:GenerateDataKey', 'kms:Decrypt', 'kms:RetireGrant'],
  ],
  'AWS::Batch::ComputeEnvironment': [
    'batch:CreateComputeEnvironment',
    'batch:UpdateComputeEnvironment',
    'batch:DeleteComputeEnvironment',
    'batch:DescribeComputeEnvironments',
    'batch:TagResource',
    'iam:PassRole',
    'iam:CreateServiceLinkedRole',
  ],
  'AWS::Batch::JobDefinition': [
    'batch:RegisterJobDefinition',
    'batch:DeregisterJobDefinition',
    'batch:DescribeJobDefinitions',
    'batch:TagResource',
    'iam:PassRole',
  ],
  'AWS::Batch::JobQueue': [
    'batch:CreateJobQueue',
    'batch:UpdateJobQueue',
    'batch:DeleteJobQueue',
    'batch:DescribeJobQueues',
    'batch:TagResource',
  ],
  'AWS::Batch::SchedulingPolicy': [
    'batch:CreateSchedulingPolicy',
    'batch:UpdateSchedulingPolicy',
    'batch:DeleteSchedulingPolicy',
    'batch:DescribeSchedulingPolicies',
    'batch:TagResource',
  ],
  'AWS::Budgets::Budget': ['budgets:ViewBudget', 'budgets:ModifyBudget', 'budgets:TagResource'],
  'AWS::CloudFront::CachePolicy': [
    ...['cloudfront:CreateCachePolicy', 'cloudfront:GetCachePolicy'],
    ...['cloudfront:UpdateCachePolicy', 'cloudfront:DeleteCachePolicy'],
  ],
  'AWS::CloudFront::Distribution': [
    ...['cloudfront:CreateDistribution', 'cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig'],
    ...['cloudfront:UpdateDistribution', 'cloudfront:DeleteDistribution', 'cloudfront:TagResource'],
  ],
  'AWS::CloudFront::KeyGroup': [
    ...['cloudfront:CreateKeyGroup', 'cloudfront:GetKeyGroup'],
    ...['cloudfront:UpdateKeyGroup', 'cloudfront:DeleteKeyGroup'],
  ],
  'AWS::CloudFront::OriginAccessControl': [
    ...['cloudfront:CreateOriginAccessControl', 'cloudfront:GetOriginAccessControl'],
    ...['cloudfront:UpdateOriginAccessControl', 'cloudfront:DeleteOriginAccessControl'],
  ],
  'AWS::CloudFront::PublicKey': [
    ...['cloudfront:CreatePublicKey', 'cloudfront:GetPublicKey', 'cloudfront:DeletePublicKey'],
  ],
  'AWS::CloudTrail::Trail': [
    'cloudtrail:CreateTrail',
    'cloudtrail:StartLogging',
    'cloudtrail:AddTags',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:DescribeTrails',
    'cloudtrail:DeleteTrail',
    'cloudtrail:UpdateTrail',
  ],
  'AWS::CloudWatch::Alarm': [
    'cloudwatch:PutMetricAlarm',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:TagResource',
  ],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:GetDashboard', 'cloudwatch:DeleteDashboards'],
  'AWS::CodeDeploy::Application': [
    'codedeploy:CreateApplication',
    'codedeploy:GetApplication',
    'codedeploy:DeleteApplication',
    'codedeploy:TagResource',
  ],
  'AWS::CodeDeploy::DeploymentGroup': [
    'codedeploy:CreateDeploymentGroup',
    'codedeploy:UpdateDeploymentGroup',
    'codedeploy:DeleteDeploymentGroup',
    'iam:PassRole',
  ],
  'AWS::DynamoDB::Table': [
    'dynamodb:CreateTable',
    'dynamodb:DescribeTable',
    'dynamodb:UpdateTable',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:DescribeContinuousBackups',
    'dynamodb:UpdateTimeToLive',
    'dynamodb:TagResource',
    'dynamodb:DeleteTable',
  ],
  'AWS::EC2::InternetGateway': [
    'ec2:CreateInternetGateway',
    'ec2:CreateTags',
    'ec2:DescribeInternetGateways',
    'ec2:DeleteInternetGateway',
  ],
  'AWS::EC2::LaunchTemplate': [
    'ec2:CreateLaunchTemplate',
    'ec2:CreateLaunchTemplateVersion',
    'ec2:DescribeLaunchTemplates',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:DeleteLaunchTemplate',
    'ec2:CreateTags',
  ],
  'AWS::EC2::Route': ['ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:DeleteRoute', 'ec2:DescribeRouteTables'],
  'AWS::EC2::RouteTable': ['ec2:CreateRouteTable', 'ec2:DeleteRouteTable', 'ec2:DescribeRouteTables', 'ec2:CreateTags'],
  'AWS::EC2::SecurityGroup': [
    'ec2:CreateSecurityGroup',
    'ec2:DeleteSecurityGroup',
    'ec2:DescribeSecurityGroups',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:CreateTags',
  ],
  'AWS::EC2::Subnet': [
    'ec2:CreateSubnet',
    'ec2:DeleteSubnet',
    'ec2:DescribeSubnets',
    'ec2:ModifySubnetAttribute',
    'ec2:CreateTags',
  ],
  'AWS::EC2::SubnetRouteTableAssociation': [
    'ec2:AssociateRouteTable',
    'ec2:DisassociateRouteTable',
    'ec2:DescribeRouteTables',
  ],
  'AWS::EC2::VPC': [
    'ec2:CreateVpc',
    'ec2:DeleteVpc',
    'ec2:DescribeVpcs',
    'ec2:ModifyVpcAttribute',
    'ec2:DescribeVpcAttribute',
    'ec2:CreateTags',
  ],
  'AWS::EC2::VPCEndpoint': [
    'ec2:CreateVpcEndpoint',
    'ec2:ModifyVpcEndpoint',
    'ec2:DeleteVpcEndpoints',
    'ec2:DescribeVpcEndpoints',
  ],
  'AWS::EC2::VPCGatewayAttachment': [
    'ec2:AttachInternetGateway',
    'ec2:DetachInternetGateway',
    'ec2:DescribeInternetGateways',
  ],
  'AWS::ECR::Repository': [
    ...['ecr:CreateRepository', 'ecr:DescribeRepositories', 'ecr:DeleteRepository', 'ecr:GetRepositoryPolicy'],
    ...['ecr:PutImageScanningConfiguration', 'ecr:PutImageTagMutability', 'ecr:TagResource', 'ecr:UntagResource'],
    ...['ecr:PutLifecyclePolicy', 'ecr:GetLifecyclePolicy', 'ecr:DeleteLifecyclePolicy', 'ecr:ListTagsForResource'],
  ],
  'AWS::Events::Rule': [
    'events:PutRule',
    'events:DescribeRule',
    'events:DeleteRule',
    'events:PutTargets',
    'events:RemoveTargets',
    'events:ListTargetsByRule',
  ],
  'AWS::IAM::InstanceProfile': [
    'iam:CreateInstanceProfile',
    'iam:AddRoleToInstanceProfile',
    'iam:GetInstanceProfile',
    'iam:RemoveRoleFromInstanceProfile',
    'iam:DeleteInstanceProfile',
    'iam:PassRole',
  ],
  'AWS::IAM::ManagedPolicy': [
    'iam:CreatePolicy',
    'iam:CreatePolicyVersion',
    'iam:DeletePolicyVersion',
    'iam:ListPolicyVersions',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:DeletePolicy',
  ],
  'AWS::IAM::Role': [
    'iam:CreateRole',
    'iam:GetRole',
    'iam:UpdateAssumeRolePolicy',
    'iam:PutRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:GetRolePolicy',
    'iam:AttachRolePolicy',
    'iam:DetachRolePolicy',
    'iam:TagRole',
    'iam:DeleteRole',
  ],
  'AWS::KMS::Key': [
    'kms:CreateKey',
    'kms:TagResource',
    'kms:PutKeyPolicy',
    'kms:EnableKeyRotation',
    'kms:DescribeKey',
    'kms:ScheduleKeyDeletion',
  ],
  'AWS::Lambda::Alias': [
    'lambda:CreateAlias',
    'lambda:UpdateAlias',
    'lambda:GetAlias',
    'lambda:DeleteAlias',
    'codedeploy:CreateDeployment',
    'codedeploy:GetDeployment',
    'codedeploy:GetDeploymentConfig',
  ],
  'AWS::Lambda::EventInvokeConfig': [
    'lambda:PutFunctionEventInvokeConfig',
    'lambda:UpdateFunctionEventInvokeConfig',
    'lambda:GetFunctionEventInvokeConfig',
    'lambda:DeleteFunctionEventInvokeConfig',
  ],
  'AWS::Lambda::EventSourceMapping': [
    'lambda:CreateEventSourceMapping',
    'lambda:UpdateEventSourceMapping',
    'lambda:GetEventSourceMapping',
    'lambda:DeleteEventSourceMapping',
  ],
  'AWS::Lambda::Function': [
    'lambda:CreateFunction',
    'lambda:GetFunction',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:PutFunctionConcurrency',
    'lambda:TagResource',
    'lambda:DeleteFunction',
    'iam:PassRole',
    's3:GetObject',
  ],
  'AWS::Lambda::Permission': ['lambda:AddPermission', 'lambda:RemovePermission', 'lambda:GetPolicy'],
  'AWS::Lambda::Url': [
    'lambda:CreateFunctionUrlConfig',
    'lambda:GetFunctionUrlConfig',
    'lambda:UpdateFunctionUrlConfig',
    'lambda:DeleteFunctionUrlConfig',
  ],
  'AWS::Lambda::Version': ['lambda:PublishVersion', 'lambda:GetFunctionConfiguration', 'lambda:ListVersionsByFunction'],
  'AWS::Logs::LogGroup': [
    'logs:CreateLogGroup',
    'logs:PutRetentionPolicy',
    'logs:DescribeLogGroups',
    'logs:TagResource',
    'logs:DeleteLogGroup',
  ],
  'AWS::S3::Bucket': [
    's3:CreateBucket',
    's3:PutBucketTagging',
    's3:TagResource', // by S3's documentation, of who creates a bucket with tags
    's3:PutBucketVersioning',
    's3:PutBucketNotification',
    's3:PutBucketLogging',
    's3:PutLifecycleConfiguration',
    's3:PutEncryptionConfiguration',
    's3:PutBucketPublicAccessBlock',
    's3:PutBucketOwnershipControls',
    's3:PutBucketCORS',
    's3:PutAccelerateConfiguration',
    's3:DeleteBucket',
  ],
  'AWS::S3::StorageLens': [
    ...['s3:GetStorageLensConfiguration', 's3:PutStorageLensConfiguration', 's3:DeleteStorageLensConfiguration'],
    's3:PutStorageLensConfigurationTagging',
  ],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:DeleteBucketPolicy'],
  'AWS::SNS::Subscription': [
    'sns:Subscribe',
    'sns:Unsubscribe',
    'sns:GetSubscriptionAttributes',
    'sns:SetSubscriptionAttributes',
  ],
  'AWS::SNS::Topic': [
    'sns:CreateTopic',
    'sns:GetTopicAttributes',
    'sns:SetTopicAttributes',
    'sns:TagResource',
    'sns:DeleteTopic',
  ],
  'AWS::SNS::TopicPolicy': ['sns:SetTopicAttributes'],
  'AWS::SQS::Queue': [
    'sqs:CreateQueue',
    'sqs:GetQueueAttributes',
    'sqs:SetQueueAttributes',
    'sqs:TagQueue',
    'sqs:DeleteQueue',
  ],
  'AWS::SQS::QueuePolicy': ['sqs:SetQueueAttributes'],
  'AWS::SageMaker::Endpoint': [
    'sagemaker:CreateEndpoint',
    'sagemaker:DescribeEndpoint',
    'sagemaker:UpdateEndpoint',
    'sagemaker:DeleteEndpoint',
    'sagemaker:AddTags',
  ],
  'AWS::SageMaker::EndpointConfig': [
    'sagemaker:CreateEndpointConfig',
    'sagemaker:DescribeEndpointConfig',
    'sagemaker:DeleteEndpointConfig',
  ],
  'AWS::SageMaker::Model': [
    'sagemaker:CreateModel',
    'sagemaker:DescribeModel',
    'sagemaker:DeleteModel',
    'iam:PassRole',
  ],
  'AWS::SecretsManager::Secret': [
    'secretsmanager:CreateSecret',
    'secretsmanager:UpdateSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:DeleteSecret',
    'secretsmanager:TagResource',
    'secretsmanager:GetRandomPassword',
  ],
  'AWS::StepFunctions::StateMachine': [
    'states:CreateStateMachine',
    'states:DescribeStateMachine',
    'states:UpdateStateMachine',
    'states:DeleteStateMachine',
    'states:TagResource',
    'iam:PassRole',
    'logs:CreateLogDelivery',
  ],
};

type Properties = Readonly<Record<string, unknown>>;

/** What is named by the template: by which of its properties, a call that makes it, and where in an account it is then. */
const NAMED: Readonly<Record<string, readonly [property: string, action: string, place: string]>> = {
  'AWS::Batch::JobDefinition': [
    'JobDefinitionName',
    'batch:RegisterJobDefinition',
    'batch:us-east-1:A:job-definition/',
  ],
  'AWS::Batch::JobQueue': ['JobQueueName', 'batch:CreateJobQueue', 'batch:us-east-1:A:job-queue/'],
  'AWS::Batch::SchedulingPolicy': ['Name', 'batch:CreateSchedulingPolicy', 'batch:us-east-1:A:scheduling-policy/'],
  'AWS::Budgets::Budget': ['BudgetName', 'budgets:ModifyBudget', 'budgets::A:budget/'],
  'AWS::CloudWatch::Alarm': ['AlarmName', 'cloudwatch:PutMetricAlarm', 'cloudwatch:us-east-1:A:alarm:'],
  'AWS::DynamoDB::Table': ['TableName', 'dynamodb:CreateTable', 'dynamodb:us-east-1:A:table/'],
  'AWS::Events::Rule': ['Name', 'events:PutRule', 'events:us-east-1:A:rule/'],
  'AWS::Lambda::Function': ['FunctionName', 'lambda:CreateFunction', 'lambda:us-east-1:A:function:'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'logs:CreateLogGroup', 'logs:us-east-1:A:log-group:'],
  'AWS::SecretsManager::Secret': ['Name', 'secretsmanager:CreateSecret', 'secretsmanager:us-east-1:A:secret:'],
  'AWS::SNS::Topic': ['TopicName', 'sns:CreateTopic', 'sns:us-east-1:A:'],
  'AWS::SQS::Queue': ['QueueName', 'sqs:CreateQueue', 'sqs:us-east-1:A:'],
  'AWS::StepFunctions::StateMachine': [
    'StateMachineName',
    'states:CreateStateMachine',
    'states:us-east-1:A:stateMachine:',
  ],
};

/** What a bucket asks for besides, where an option is on. */
const BUCKET_OPTIONS = [
  ...['s3:PutBucketObjectLockConfiguration', 's3:PutReplicationConfiguration', 's3:PutInventoryConfiguration'],
];

/** Where a call's permission is not called as the call is, by the services' own tables of actions. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  's3:HeadBucket': ['s3:ListBucket'],
  's3:HeadObject': ['s3:GetObject'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:ListObjectVersions': [], // destroy's
  'dynamodb:Get': ['dynamodb:GetItem'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
  'sqs:DeleteMessageBatch': ['sqs:DeleteMessage'],
  'sts:GetCallerIdentity': [], // needs none
  'cloudwatch-logs:GetLogEvents': ['logs:GetLogEvents'],
};
/** Of the scripts' folder, what belongs to `destroy`: a person with wider rights does that. */
const DESTROY = ['emptying.mjs', 'end-work.mjs', 'removal.mjs'];
const DESTROY_CALLS = ['cloudformation:UpdateTerminationProtection'];

const granted = (statements: readonly Statement[], action: string) =>
  statements.some(({ Action }) => Action.some((pattern) => matches(pattern, action)));

/** Every call of the SDK in a folder of scripts, as service:Call. */
async function callsIn(folder: string, leftOut: readonly string[] = []): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs') && !leftOut.includes(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const calls = texts.flatMap((text) =>
    [
      ...text.matchAll(/\{([^{}]*)\}\s*=\s*await import\(\s*'@aws-sdk\/(?:client|lib)-([\w-]+)'\s*,?\s*\)/g),
      ...text.matchAll(/import \{([^{}]*)\} from '@aws-sdk\/(?:client|lib)-([\w-]+)'/g),
    ].flatMap(([, list = '', client = '']) =>
      [...list.matchAll(/(\w+)Command/g)].map(([, call]) => `${client}:${call}`),
    ),
  );
  return [...new Set(calls)].sort();
}

describe("the deployer's policy", () => {
  it('is enough for CloudFormation to make every resource that a stage can have', async () => {
    const statements = await statementsOf('prod', DEPLOY);
    const ecr = '123456789012.dkr.ecr.us-east-1.amazonaws.com/reelmill/upscale:1';
    const all = await packaged('prod', ['thumbnails=iam', 'upscaleOn=sagemaker', `upscaleImage=${ecr}`]);
    const types = new Set([...all.resources, ...(await packaged('dev')).resources].map(({ Type }) => Type));
    expect([...types].filter((type) => !(type in HANDLERS))).toEqual([]);
    const missing = [...types].flatMap((type) =>
      (HANDLERS[type] ?? []).filter((action) => !granted(statements, action)),
    );
    expect(missing).toEqual([]);
  });

  it('is enough, with its part for options, for every resource and property that an option adds', async () => {
    const statements = await statementsOf('prod', DEPLOY_OPTIONS);
    const pages = await packaged('prod', ['pages=on', 'operators=[me@example.org]']);
    const all = [...(await packaged('prod', ALL_OPTIONS)).resources, ...pages.resources];
    const types = new Set(all.map(({ Type }) => Type));
    expect([...types].filter((type) => !(type in HANDLERS))).toEqual([]);
    const actions = [...[...types].flatMap((type) => HANDLERS[type] ?? []), ...BUCKET_OPTIONS];
    expect(actions.filter((action) => !granted(statements, action))).toEqual([]);
    const passedTo = statements.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(JSON.stringify(passedTo.map(({ Condition }) => Condition))).toContain('backup.amazonaws.com');
  });

  it('is enough for everything that has a name, by its name', async () => {
    const statements = await statementsOf('prod', DEPLOY);
    const stage = await packaged('prod', ['spendingStopUsd=100', 'slack=yes']);
    const refused = stage.resources.flatMap(({ Type, Properties }) => {
      const [property = '', action = '', place = ''] = NAMED[Type] ?? [];
      const { Budget = {}, ...properties } = Properties as Properties;
      const name = { ...(Budget as Properties), ...properties }[property];
      if (typeof name !== 'string') return [];
      const arn = `arn:aws:${place.replace(':A:', ':123456789012:')}${name}`;
      const isAllowed = statements.some(
        ({ Action, Resource }) =>
          Action.some((each) => matches(each, action)) && Resource.some((each) => matches(each, arn)),
      );
      return isAllowed ? [] : [arn];
    });
    expect(refused).toEqual([]);
  });

  it('is enough for what deploy, smoke and redrive call themselves', async () => {
    const statements = await statementsOf('prod', DEPLOY);
    const calls = [...(await callsIn('scripts/aws', DESTROY)), ...(await callsIn('scripts'))];
    expect(calls).toEqual(
      expect.arrayContaining([
        'cloudformation:DescribeStacks',
        's3:PutObject',
        'batch:DescribeJobs',
        'sqs:SendMessageBatch',
      ]),
    );
    const actions = calls.flatMap((call) => CALLED[call] ?? [call]);
    expect(actions.filter((action) => !granted(statements, action) && !DESTROY_CALLS.includes(action))).toEqual([]);
  });

  it('is enough for the stack that builds images, and for what deploy does with it', async () => {
    const statements = await statementsOf('prod', DEPLOY_IMAGES);
    const types = await bootstrapTypes();
    expect(types).toEqual(expect.arrayContaining(['AWS::CodeBuild::Project', 'AWS::ECR::Repository']));
    expect(types.filter((type) => !(type in HANDLERS))).toEqual([]);
    const calls = await callsIn('scripts/bootstrap');
    expect(calls).toEqual([
      ...['CreateStack', 'DescribeStackEvents', 'DescribeStacks', 'ListStackResources', 'UpdateStack'].map(
        (call) => `cloudformation:${call}`,
      ),
      'cloudwatch-logs:GetLogEvents',
      ...['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject', 'codebuild:StartBuild'],
      ...['ecr:DescribeRepositories', 's3:PutObject'],
    ]);
    const actions = [
      ...types.flatMap((type) => HANDLERS[type] ?? []),
      ...calls.flatMap((call) => CALLED[call] ?? [call]),
    ];
    // Its role has no policy attached, its bucket no acceleration; groups of logs are listed by another part of the policy.
    const elsewhere = [
      'iam:AttachRolePolicy',
      'iam:DetachRolePolicy',
      's3:PutAccelerateConfiguration',
      'logs:DescribeLogGroups',
    ];
    expect(actions.filter((action) => !granted(statements, action) && !elsewhere.includes(action))).toEqual([]);
    expect(granted(await statementsOf('prod', DEPLOY), 'logs:DescribeLogGroups')).toBe(true);
    const images = statements.flatMap(({ Resource }) => Resource);
    expect(granted(statements, 'ecr:PutImage')).toBe(true); // by which a stage's image is held
    expect(images.filter((resource) => !/reelmill[-/](bootstrap|images|encode|upscale)/.test(resource))).toEqual([]);
  });

  it('lets who builds images do what npm run image calls', async () => {
    const statements = await statementsOf('prod', ['PushImages']);
    const calls = await callsIn('scripts/images');
    expect(calls).toEqual([
      'ecr:BatchGetImage',
      'ecr:CreateRepository',
      'ecr:DescribeRepositories',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'ecr:PutImage',
    ]);
    // and what a push does: docs of ECR, "Pushing an image"
    const push = [
      'BatchCheckLayerAvailability',
      'InitiateLayerUpload',
      'UploadLayerPart',
      'CompleteLayerUpload',
      'PutImage',
    ];
    expect([...calls, ...push.map((name) => `ecr:${name}`)].filter((action) => !granted(statements, action))).toEqual(
      [],
    );
  });

  it('names what it allows: nothing by a service alone, and anything anywhere only where the service knows no finer', async () => {
    const statements = await statementsOf('prod', [...DEPLOY_OPTIONS, ...DEPLOY_IMAGES, 'PushImages']);
    const wide = statements.flatMap(({ Action }) => Action).filter((action) => /^[^:]*\*|:\*$/.test(action));
    expect(wide).toEqual([]);
    const anywhere = statements
      .filter(({ Resource, Condition }) => Resource.includes('*') && !Condition)
      .flatMap(({ Action }) => Action);
    // what looks, and what IAM cannot bind to a resource: keys of CloudFront, subscriptions by topic, log deliveries, scaling, passwords
    expect(anywhere.filter((action) => !/:(Describe|Get|List|ValidateTemplate)/.test(action)).sort()).toEqual([
      ...['application-autoscaling:DeleteScalingPolicy', 'application-autoscaling:DeregisterScalableTarget'],
      ...['application-autoscaling:PutScalingPolicy', 'application-autoscaling:RegisterScalableTarget'],
      'backup-storage:MountCapsule',
      ...['cloudfront:CreateKeyGroup', 'cloudfront:CreatePublicKey', 'cloudfront:DeleteKeyGroup'],
      ...['cloudfront:DeletePublicKey', 'cloudfront:UpdateKeyGroup', 'cloudfront:UpdatePublicKey'],
      ...['logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery'],
      ...['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
    ]);
  });

  it("tags only what is new or its own, so that it cannot take what is another stage's by tagging it", async () => {
    const statements = await statementsOf('dev', DEPLOY);
    const tagging = statements.filter(({ Action }) => Action.some((each) => matches(each, 'ec2:CreateTags')));
    expect(tagging.map(({ Condition }) => Condition)).toEqual([
      { StringEqualsIfExists: { 'aws:ResourceTag/project': 'reelmill', 'aws:ResourceTag/stage': 'dev' } },
    ]);
  });

  it('reaches no other stage, no source and no administrator', async () => {
    const statements = await statementsOf('dev', DEPLOY_OPTIONS);
    const allows = (action: string, resource: string) =>
      statements.some(
        ({ Action, Resource }) =>
          Action.some((each) => matches(each, action)) && Resource.some((each) => matches(each, resource)),
      );
    expect(
      allows('cloudformation:UpdateStack', 'arn:aws:cloudformation:us-east-1:123456789012:stack/reelmill-dev/1'),
    ).toBe(true);
    expect(
      allows('cloudformation:UpdateStack', 'arn:aws:cloudformation:us-east-1:123456789012:stack/reelmill-prod/1'),
    ).toBe(false);
    expect(allows('iam:CreateRole', 'arn:aws:iam::123456789012:role/reelmill-dev-OnDropRole-1')).toBe(true);
    expect(allows('iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/reelmill-deployer-dev')).toBe(false);
    expect(allows('iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/Admin')).toBe(false);
    const media = 'arn:aws:s3:::reelmill-dev-media-123456789012-us-east-1';
    expect(allows('s3:PutObject', `${media}/input/preserve/smoke/a.mp4`)).toBe(true);
    expect(allows('s3:DeleteObject', `${media}/input/preserve/film.mov`)).toBe(false);
    expect(allows('s3:GetObject', `${media}/input/preserve/film.mov`)).toBe(false);
    const attach = statements.find(({ Action }) => Action.includes('iam:AttachRolePolicy'));
    expect(JSON.stringify(attach?.Condition)).not.toMatch(/Administrator|PowerUser|"\*"/);
  });

  it.each(DEPLOYED_STAGES)('fits into what IAM allows of a policy, for %s', async (stage) => {
    const resources = await deployerTemplate(stage);
    for (const id of [...DEPLOY_OPTIONS, ...DEPLOY_IMAGES, 'PushImages']) {
      const length = JSON.stringify(resources[id]?.Properties.PolicyDocument).length;
      expect([id, length <= 6_144]).toEqual([id, true]);
    }
  });

  it('is lent to a job in the environment of its stage on GitHub, and the images role to a tag of a release', async () => {
    const trustOf = async (id: string) => {
      const role = (await deployerTemplate('prod'))[id]?.Properties.AssumeRolePolicyDocument;
      const { Statement } = role as { Statement: { Condition: object }[] };
      return Statement[0]?.Condition;
    };
    expect(await trustOf('DeployRole')).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': 'repo:me/mill:environment:prod',
      },
    });
    expect(await trustOf('ImageRole')).toEqual({
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:me/mill:ref:refs/tags/v*' },
    });
  });
});
