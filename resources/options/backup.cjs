// AWS Backup of the media bucket: copies in a vault that no right on the bucket reaches, to go back to a day.

const SCHEDULES = { daily: 'cron(0 3 * * ? *)', weekly: 'cron(0 3 ? * SUN *)', monthly: 'cron(0 3 1 * ? *)' };

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ backup, backupDays, sourceKeys, region }, { prefix, tags, tagList }) => {
  if (backup === 'off') return undefined;
  return {
    Resources: {
      // AWS Backup learns by events what changed. Were it not in the template, a deploy would take it back.
      MediaBucket: {
        Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
      },
      // A vault with backups in it cannot be removed, and backups are there for the day on which the stack is gone.
      BackupVault: {
        Type: 'AWS::Backup::BackupVault',
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: { BackupVaultName: prefix, BackupVaultTags: tags },
      },
      BackupPlan: {
        Type: 'AWS::Backup::BackupPlan',
        Properties: {
          BackupPlan: {
            BackupPlanName: prefix,
            BackupPlanRule: [
              {
                RuleName: backup,
                TargetBackupVault: { Ref: 'BackupVault' },
                ScheduleExpression: SCHEDULES[backup],
                Lifecycle: { DeleteAfterDays: backupDays },
                RecoveryPointTags: tags,
              },
            ],
          },
          BackupPlanTags: tags,
        },
      },
      BackupOfMedia: {
        Type: 'AWS::Backup::BackupSelection',
        Properties: {
          BackupPlanId: { Ref: 'BackupPlan' },
          BackupSelection: {
            SelectionName: 'media',
            IamRoleArn: { 'Fn::GetAtt': ['BackupRole', 'Arn'] },
            Resources: [{ 'Fn::GetAtt': ['MediaBucket', 'Arn'] }],
          },
        },
      },
      BackupRole: roleOf(sourceKeys, region, tagList),
    },
  };
};

/**
 * What AWSBackupServiceRolePolicyForS3Backup allows on every bucket, on this one. AWS Backup needs the role as long as its
 * backups are kept: without it none can expire.
 * @param {readonly string[]} sourceKeys
 * @param {string} region
 * @param {readonly object[]} Tags
 */
function roleOf(sourceKeys, region, Tags) {
  const rules = `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/AwsBackupManagedRule*`;
  const Statement = [
    {
      Sid: 'KnowTheBucket',
      Action: [
        ...['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketVersioning', 's3:GetBucketLocation'],
        ...['s3:GetBucketAcl', 's3:GetBucketTagging', 's3:GetBucketNotification', 's3:PutBucketNotification'],
        ...['s3:GetInventoryConfiguration', 's3:PutInventoryConfiguration'],
      ],
      Resource: { 'Fn::GetAtt': ['MediaBucket', 'Arn'] },
    },
    {
      Sid: 'ReadFiles',
      Action: [
        ...['s3:GetObject', 's3:GetObjectAcl', 's3:GetObjectTagging'],
        ...['s3:GetObjectVersion', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
      ],
      Resource: { 'Fn::Sub': `\${MediaBucket.Arn}/*` },
    },
    {
      Sid: 'HearOfChanges',
      Action: [
        ...['events:PutRule', 'events:DescribeRule', 'events:EnableRule', 'events:DisableRule', 'events:DeleteRule'],
        ...['events:PutTargets', 'events:RemoveTargets', 'events:ListTargetsByRule'],
      ],
      Resource: { 'Fn::Sub': rules },
    },
    {
      Sid: 'LookAround',
      Action: ['s3:ListAllMyBuckets', 'events:ListRules', 'cloudwatch:GetMetricData'],
      Resource: '*',
    },
    {
      Sid: 'TagBackups',
      Action: 'backup:TagResource',
      Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:backup:\${AWS::Region}:\${AWS::AccountId}:recovery-point:*` },
    },
    ...(sourceKeys.length > 0
      ? [
          {
            Sid: 'ReadUnderKeys',
            Action: ['kms:Decrypt', 'kms:DescribeKey'],
            Resource: sourceKeys,
            Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
          },
        ]
      : []),
  ].map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest }));
  return {
    Type: 'AWS::IAM::Role',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'back-up', PolicyDocument: { Version: '2012-10-17', Statement } }],
      Tags,
    },
  };
}
