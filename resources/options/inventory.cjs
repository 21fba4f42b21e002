// A list of everything in the media bucket, in the log bucket each day or week: what `archive` can read instead of asking
// S3 for a page of a thousand files at a time.

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ inventory, versioning, logDays }, { mediaBucket }) => {
  if (inventory === 'off') return undefined;
  return {
    Resources: {
      MediaBucket: {
        Properties: {
          InventoryConfigurations: [
            {
              Id: 'all',
              Enabled: true,
              ScheduleFrequency: inventory === 'daily' ? 'Daily' : 'Weekly',
              IncludedObjectVersions: versioning === 'Enabled' ? 'All' : 'Current',
              OptionalFields: [
                ...['Size', 'LastModifiedDate', 'StorageClass', 'ETag', 'IsMultipartUploaded', 'ChecksumAlgorithm'],
                ...['EncryptionStatus', 'ReplicationStatus', 'IntelligentTieringAccessTier'],
                ...['ObjectLockMode', 'ObjectLockRetainUntilDate', 'LifecycleExpirationDate'],
              ],
              Destination: {
                BucketArn: { 'Fn::GetAtt': ['LogBucket', 'Arn'] },
                Format: 'CSV',
                Prefix: 'inventory',
              },
            },
          ],
        },
      },
      LogBucket: {
        Properties: {
          LifecycleConfiguration: {
            Rules: [{ Id: 'inventory', Status: 'Enabled', Prefix: 'inventory/', ExpirationInDays: logDays }],
          },
        },
      },
      LogBucketPolicy: {
        Properties: {
          PolicyDocument: {
            Statement: [
              {
                Sid: 'Inventory',
                Effect: 'Allow',
                Principal: { Service: 's3.amazonaws.com' },
                Action: 's3:PutObject',
                Resource: { 'Fn::Sub': `\${LogBucket.Arn}/inventory/*` },
                Condition: {
                  ArnLike: { 'aws:SourceArn': { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${mediaBucket}` } },
                  StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
                },
              },
            ],
          },
        },
      },
    },
  };
};
