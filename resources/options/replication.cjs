// A copy of every new file in a bucket of another region, which is made once by resources/replica-bucket.yml.
const { hasReplica } = require('../../stages/options.cjs');

/**
 * @param {Record<string, any>} settings
 * @param {import('./index.cjs').Names} names
 */
module.exports = (settings, { mediaBucket, tagList }) => {
  if (!hasReplica(settings)) return undefined;
  // By name: the bucket refers to the role, and the role may not refer back.
  const source = { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${mediaBucket}` };
  const destination = { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${settings.replicaBucket}` };
  return {
    Resources: {
      MediaBucket: {
        Properties: {
          ReplicationConfiguration: {
            Role: { 'Fn::GetAtt': ['ReplicationRole', 'Arn'] },
            Rules: settings.replicaPrefixes.map((/** @type {string} */ Prefix, /** @type {number} */ Priority) =>
              ruleOf(settings, { Prefix, Priority, destination }),
            ),
          },
        },
      },
      ReplicationRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
          Policies: [
            {
              PolicyName: 'replicate',
              PolicyDocument: { Version: '2012-10-17', Statement: statementsOf(settings, source, destination) },
            },
          ],
          Tags: tagList,
        },
      },
    },
  };
};

/**
 * @param {Record<string, any>} settings
 * @param {{ Prefix: string, Priority: number, destination: object }} of
 */
function ruleOf({ replicaClass, replicaDeletes, replicaKey }, { Prefix, Priority, destination }) {
  return {
    Id: `copy-${Prefix.replaceAll(/[^a-z]+/gi, '-')}${Priority}`,
    Status: 'Enabled',
    Priority,
    Filter: { Prefix },
    DeleteMarkerReplication: { Status: replicaDeletes === 'yes' ? 'Enabled' : 'Disabled' },
    // Without this, S3 passes over files under a key of KMS in silence.
    ...(replicaKey && { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } }),
    Destination: {
      Bucket: destination,
      StorageClass: replicaClass,
      ...(replicaKey && { EncryptionConfiguration: { ReplicaKmsKeyID: replicaKey } }),
    },
  };
}

/**
 * @param {Record<string, any>} settings
 * @param {{ 'Fn::Sub': string }} source
 * @param {{ 'Fn::Sub': string }} destination
 */
function statementsOf(
  { objectLock, replicaDeletes, replicaKey, replicaPrefixes, replicaRegion, region, sourceKeys },
  source,
  destination,
) {
  const filesOf = (/** @type {{ 'Fn::Sub': string }} */ bucket) =>
    replicaPrefixes.map((/** @type {string} */ prefix) => ({ 'Fn::Sub': `${bucket['Fn::Sub']}/${prefix}*` }));
  const isLockable = objectLock !== 'off';
  return [
    allow('KnowWhatToCopy', ['s3:GetReplicationConfiguration', 's3:ListBucket'], source),
    allow(
      'ReadVersions',
      [
        ...['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
        ...(isLockable ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []),
      ],
      filesOf(source),
    ),
    allow(
      'WriteCopies',
      ['s3:ReplicateObject', 's3:ReplicateTags', ...(replicaDeletes === 'yes' ? ['s3:ReplicateDelete'] : [])],
      filesOf(destination),
    ),
    ...(replicaKey
      ? [
          sourceKeys.length > 0 && through('ReadUnderKeys', 'kms:Decrypt', sourceKeys, region),
          through('WriteUnderKey', 'kms:Encrypt', replicaKey, replicaRegion),
        ].filter(Boolean)
      : []),
  ];
}

/**
 * @param {string} Sid
 * @param {readonly string[]} Action
 * @param {unknown} Resource
 */
function allow(Sid, Action, Resource) {
  return { Sid, Effect: 'Allow', Action, Resource };
}

/**
 * A right on keys that counts only where S3 of a region uses them.
 * @param {string} Sid
 * @param {string} Action
 * @param {unknown} Resource
 * @param {string} region
 */
function through(Sid, Action, Resource, region) {
  const Condition = { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } };
  return { ...allow(Sid, [Action], Resource), Condition };
}
