// A machine in the bucket's region that moves files with rclone, from and to other clouds. The stack has only the template
// of it: it runs when somebody starts it (docs/aws-options.md), is reached through Session Manager alone, and ends itself.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const IDLE_MINUTES = 30;
/** Looked up when a host is started, so that it has Canonical's latest. The agent of Session Manager is in it. */
const IMAGE = 'resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id';

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ transferHost, transferHostHours, region }, { prefix, tagList }) => {
  if (transferHost === 'no') return undefined;
  const tagged = (/** @type {string} */ ResourceType) => ({ ResourceType, Tags: tagList });
  return {
    Resources: {
      TransferHost: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: `${prefix}-transfer`,
          LaunchTemplateData: {
            ImageId: IMAGE,
            InstanceType: 'm6g.large',
            InstanceInitiatedShutdownBehavior: 'terminate',
            IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['TransferHostProfile', 'Arn'] } },
            MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
            NetworkInterfaces: [
              {
                ...{ DeviceIndex: 0, AssociatePublicIpAddress: true, SubnetId: { Ref: 'SubnetA' } },
                ...{ Groups: [{ Ref: 'TransferHostGroup' }], DeleteOnTermination: true },
              },
            ],
            BlockDeviceMappings: [
              {
                DeviceName: '/dev/sda1',
                Ebs: { VolumeSize: 30, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
              },
            ],
            UserData: { 'Fn::Base64': firstStart(transferHostHours, region) },
            TagSpecifications: ['instance', 'volume', 'network-interface'].map(tagged),
          },
          TagSpecifications: [tagged('launch-template')],
        },
      },
      TransferHostGroup: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'Transfer host - nothing in, the web out',
          VpcId: { Ref: 'Vpc' },
          SecurityGroupEgress: [
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: 'HTTPS' },
            {
              IpProtocol: 'tcp',
              FromPort: 80,
              ToPort: 80,
              CidrIp: '0.0.0.0/0',
              Description: 'Signed packages of Ubuntu',
            },
          ],
          Tags: tagList,
        },
      },
      TransferHostRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
          Policies: [{ PolicyName: 'transfer', PolicyDocument: { Version: '2012-10-17', Statement: statements() } }],
          Tags: tagList,
        },
      },
      TransferHostProfile: {
        Type: 'AWS::IAM::InstanceProfile',
        Properties: { Roles: [{ Ref: 'TransferHostRole' }] },
      },
    },
    Outputs: {
      TransferHostTemplate: {
        Description: 'aws ec2 run-instances starts a host of it',
        Value: { Ref: 'TransferHost' },
      },
    },
  };
};

/** Sources may be brought, and everything may be fetched; nothing may be deleted, and no result be written. */
function statements() {
  return [
    { Sid: 'ListFiles', Action: 's3:ListBucket', Resource: { 'Fn::GetAtt': ['MediaBucket', 'Arn'] } },
    {
      Sid: 'FetchFiles',
      Action: 's3:GetObject',
      Resource: [{ 'Fn::Sub': `\${MediaBucket.Arn}/input/*` }, { 'Fn::Sub': `\${MediaBucket.Arn}/output/*` }],
    },
    {
      Sid: 'BringSources',
      Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
      Resource: { 'Fn::Sub': `\${MediaBucket.Arn}/input/*` },
    },
    // What the agent of Session Manager does; IAM knows nothing finer.
    {
      Sid: 'BeReached',
      Action: [
        'ssm:UpdateInstanceInformation',
        ...['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel'],
        ...['ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
      ],
      Resource: '*',
    },
  ].map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest }));
}

/**
 * @param {number} hours
 * @param {string} region
 */
function firstStart(hours, region) {
  return readFileSync(join(__dirname, 'transfer-host.sh'), 'utf8')
    .replace('__IDLE_MINUTES__', `${IDLE_MINUTES}`)
    .replace('__HOURS__', `${hours}`)
    .replace('__REGION__', region);
}
