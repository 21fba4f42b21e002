import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  list,
  type Packaged,
  packaged,
  referredTo,
} from '../support/packaged-template.ts';

/** A policy's statements, whichever resource they hang on. */
const statements = (properties: Json) => list(at(properties, 'PolicyDocument', 'Statement'));

const refusesPlainHttp = (statement: Json) =>
  at(statement, 'Effect') === 'Deny' &&
  at(statement, 'Principal') === '*' &&
  String(at(statement, 'Condition', 'Bool', 'aws:SecureTransport')) === 'false';

describe.each(DEPLOYED_STAGES)('what %s keeps', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  it.each([
    { type: 'AWS::S3::Bucket', policy: 'AWS::S3::BucketPolicy', covers: 'Bucket', count: 3 },
    { type: 'AWS::SQS::Queue', policy: 'AWS::SQS::QueuePolicy', covers: 'Queues', count: 4 },
    { type: 'AWS::SNS::Topic', policy: 'AWS::SNS::TopicPolicy', covers: 'Topics', count: 3 },
  ])('is reached over TLS only: every $type', ({ type, policy, covers, count }) => {
    const kept = pack.of(type).map(({ id }) => id);
    const safe = pack.of(policy).filter(({ Properties }) => statements(Properties).some(refusesPlainHttp));
    const covered = safe.flatMap(({ Properties }) =>
      [at(Properties, covers) ?? null].flat().map((each) => referredTo(each as Json)),
    );
    expect(kept).toHaveLength(count);
    expect(new Set(covered)).toEqual(new Set(kept));
  });

  it('is encrypted: buckets, with nothing public and nobody else owning objects', () => {
    for (const { Properties } of pack.of('AWS::S3::Bucket')) {
      const rule = at(Properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0);
      expect(at(rule, 'ServerSideEncryptionByDefault', 'SSEAlgorithm')).toBe('AES256');
      expect(at(Properties, 'PublicAccessBlockConfiguration')).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(at(Properties, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership')).toBe('BucketOwnerEnforced');
    }
  });

  it('is encrypted: queues, topics, the table, volumes', () => {
    const queues = pack.of('AWS::SQS::Queue').map(({ Properties }) => at(Properties, 'SqsManagedSseEnabled'));
    const topics = pack.of('AWS::SNS::Topic').map(({ Properties }) => at(Properties, 'KmsMasterKeyId'));
    const tables = pack
      .of('AWS::DynamoDB::Table')
      .map(({ Properties }) => at(Properties, 'SSESpecification', 'SSEEnabled'));
    const volumes = pack
      .of('AWS::EC2::LaunchTemplate')
      .flatMap(({ Properties }) => list(at(Properties, 'LaunchTemplateData', 'BlockDeviceMappings')))
      .map((device) => at(device, 'Ebs', 'Encrypted'));
    expect(queues).toEqual([true, true, true, true]);
    expect(topics).toEqual(['alias/aws/sns', 'alias/aws/sns', { Ref: 'AlarmKey' }]);
    expect(tables).toEqual([true]);
    expect(volumes).toEqual([true, true, true]); // of graphics cards, and the two sizes of volumes
  });

  it('lets the services that raise alarms use the key of their topic, which the account-wide key would refuse', () => {
    const key = pack.of('AWS::KMS::Key').find(({ id }) => id === 'AlarmKey');
    const publishers = pack
      .of('AWS::SNS::TopicPolicy')
      .filter(({ id }) => id === 'AlarmTopicPolicy')
      .flatMap(({ Properties }) => statements(Properties))
      .filter((statement) => at(statement, 'Effect') === 'Allow')
      .flatMap((statement) => [at(statement, 'Principal', 'Service') ?? null].flat());
    const mayUse = list(at(key?.Properties, 'KeyPolicy', 'Statement')).flatMap((statement) =>
      [at(statement, 'Principal', 'Service') ?? null].flat(),
    );
    expect(publishers).not.toEqual([]);
    expect(mayUse).toEqual(expect.arrayContaining(publishers));
    expect(at(key?.Properties, 'EnableKeyRotation')).toBe(true);
  });

  it('can be brought back: the table to any second, sources by version where the stage asks for it', () => {
    const [table] = pack.of('AWS::DynamoDB::Table');
    const media = pack.of('AWS::S3::Bucket').find(({ id }) => id === 'MediaBucket');
    expect(at(table?.Properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')).toBe(true);
    expect(at(media?.Properties, 'VersioningConfiguration', 'Status')).toBe(stage === 'prod' ? 'Enabled' : 'Suspended');
    expect([table?.DeletionPolicy, media?.DeletionPolicy]).toEqual(
      stage === 'prod' ? ['RetainExceptOnCreate', 'RetainExceptOnCreate'] : ['Delete', 'Delete'],
    );
  });

  it('keeps credentials of the instance from its containers', () => {
    const launches = pack.of('AWS::EC2::LaunchTemplate');
    expect(launches.map(({ Properties }) => at(Properties, 'LaunchTemplateData', 'MetadataOptions'))).toEqual(
      launches.map(() => ({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 })),
    );
  });
});
