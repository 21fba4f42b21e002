// The role by which S3 Batch Operations does what `reelmill storage reclass` and `retag` ask for. It costs nothing until then.

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = ({ bulkChanges, logDays }, { tagList }) => {
  if (bulkChanges === 'no') return undefined;
  const results = { 'Fn::Sub': `\${MediaBucket.Arn}/output/*` };
  const sources = { 'Fn::Sub': `\${MediaBucket.Arn}/input/*` };
  const lists = { 'Fn::Sub': `\${LogBucket.Arn}/bulk/*` };
  const Statement = [
    // A class is changed by a copy onto itself. Sources are not in it: a copy in input/ would be a drop.
    {
      Sid: 'ChangeClassesOfResults',
      Action: ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'],
      Resource: results,
    },
    { Sid: 'TagSources', Action: 's3:PutObjectTagging', Resource: sources },
    { Sid: 'ListFiles', Action: 's3:PutInventoryConfiguration', Resource: { 'Fn::GetAtt': ['MediaBucket', 'Arn'] } },
    { Sid: 'FindThePlaceOfLists', Action: 's3:GetBucketLocation', Resource: { 'Fn::GetAtt': ['LogBucket', 'Arn'] } },
    { Sid: 'KeepListsAndReports', Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], Resource: lists },
  ].map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest }));
  return {
    Resources: {
      BulkChangesRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'batchoperations.s3.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
          Policies: [{ PolicyName: 'change-files', PolicyDocument: { Version: '2012-10-17', Statement } }],
          Tags: tagList,
        },
      },
      LogBucket: {
        Properties: {
          LifecycleConfiguration: {
            Rules: [{ Id: 'bulk', Status: 'Enabled', Prefix: 'bulk/', ExpirationInDays: logDays }],
          },
        },
      },
    },
    Outputs: { BulkChangesRoleArn: { Value: { 'Fn::GetAtt': ['BulkChangesRole', 'Arn'] } } },
  };
};
