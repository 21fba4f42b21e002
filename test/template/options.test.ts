import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { evaluated, type Made } from '../support/evaluated-template.ts';
import { isAllowed, statementsOf } from '../support/iam.ts';
import { ALL_OPTIONS, OPTION_PARAMS } from '../support/option-params.ts';
import {
  at,
  DEPLOYED_STAGES,
  type Json,
  type JsonObject,
  list,
  type Packaged,
  packaged,
  type Resource,
  stringsIn,
} from '../support/packaged-template.ts';

const require = createRequire(import.meta.url);
const { readStage } = require('../../stages/index.cjs') as {
  readStage(stage: string, pairs?: readonly string[]): Record<string, Json>;
};
const lifecycle = require('../../resources/media-lifecycle.cjs') as (given: object) => { readonly lifecycle: Json };
const rulesOf = (stage: string) => lifecycle({ options: { stage, param: [] } }).lifecycle;
const { additionsFor } = require('../../resources/options/index.cjs') as {
  additionsFor(settings: object, names: object): readonly { readonly Resources: Readonly<Record<string, Resource>> }[];
};

const TAG_LIST = [
  { Key: 'project', Value: 'reelmill' },
  { Key: 'stage', Value: 'prod' },
];
const NAMES = {
  ...{ prefix: 'reelmill-prod', mediaBucket: 'media', logBucket: 'logs', tagList: TAG_LIST },
  tags: { project: 'reelmill', stage: 'prod' },
};
/** What an option adds, without packaging a stack, which takes seconds. */
const added = (...params: readonly string[]) =>
  Object.assign({}, ...additionsFor(readStage('prod', params), NAMES).map(({ Resources }) => Resources)) as Readonly<
    Record<string, Resource>
  >;

/** The resources of every stage that options add something to. */
const TOUCHED = ['MediaBucket', 'MediaBucketPolicy', 'LogBucket', 'LogBucketPolicy'];
/** Of a deploy, not of its settings: the time in the name of each zip. */
const withoutTime = (value: unknown) => JSON.stringify(value).replace(/\/\d{13}-[^/"]+\//g, '/');

describe('a stage without any option', () => {
  it.each(DEPLOYED_STAGES)(
    'has, as %s, the buckets and policies that it had before there were options',
    async (stage) => {
      const { template } = await packaged(stage);
      const buckets = TOUCHED.map((id) => [id, template.Resources[id]]);
      expect(JSON.stringify(Object.fromEntries(buckets), undefined, 1)).toMatchSnapshot();
    },
  );

  it.each(DEPLOYED_STAGES)('gets nothing added, as %s is written', (stage) => {
    expect(additionsFor(readStage(stage), NAMES)).toEqual([]);
  });
});

describe('a stage with every option', () => {
  let pack: Packaged;
  let made: ReadonlyMap<string, Made>;
  beforeAll(async () => {
    pack = await packaged('prod', ALL_OPTIONS);
    made = evaluated(pack.template, { account: '123456789012', region: 'us-east-1', stack: 'reelmill-prod' });
  });

  const properties = (id: string): JsonObject => {
    const found = made.get(id);
    if (!found) throw new Error(`no ${id}`);
    return found.Properties;
  };
  const statementNamed = (policy: string, sid: string) =>
    list(at(properties(policy), 'PolicyDocument', 'Statement')).find((each) => at(each, 'Sid') === sid);

  it('has all that the stage has without them, unchanged but for the buckets', async () => {
    const plain = await packaged('prod');
    for (const { id, ...resource } of plain.resources) {
      // A version of a function is named after its settings, of which the time in the zip's name is one.
      if (TOUCHED.includes(id) || resource.Type === 'AWS::Lambda::Version') continue;
      expect(withoutTime(pack.template.Resources[id])).toBe(withoutTime(resource));
    }
    const { SourceKeys: _, ...parameters } = pack.template.Parameters;
    expect(plain.template.Parameters).toMatchObject(parameters);
    expect(pack.template.Conditions).toEqual(plain.template.Conditions);
  });

  it('only adds to the buckets: every statement, rule and notification of before is there', async () => {
    const plain = await packaged('prod');
    for (const id of TOUCHED) {
      expect(pack.template.Resources[id]?.Properties).toMatchObject(
        Object(growing(plain.template.Resources[id]?.Properties)),
      );
    }
  });

  it('tags every resource that takes tags', () => {
    const tagged = pack.resources.filter(
      ({ id, Properties }) => !TOUCHED.includes(id) && id in added(...ALL_OPTIONS) && at(Properties, 'Tags'),
    );
    expect(tagged.map(({ id }) => id).sort()).toEqual(
      [
        ...['BackupRole', 'BulkChangesRole', 'Cdn', 'CdnPrivateKey', 'ReplicationRole', 'StorageLens'],
        ...['TransferHostGroup', 'TransferHostRole'],
      ].sort(),
    );
    expect(tagged.map(({ Properties }) => at(Properties, 'Tags'))).toEqual(tagged.map(() => TAG_LIST));
    const tags = { project: 'reelmill', stage: 'prod' };
    expect(at(properties('BackupVault'), 'BackupVaultTags')).toEqual(tags);
    expect(at(properties('BackupPlan'), 'BackupPlanTags')).toEqual(tags);
    expect(at(properties('TransferHost'), 'LaunchTemplateData', 'TagSpecifications', 0, 'Tags')).toEqual(TAG_LIST);
  });

  it('names every action that it allows, and something everywhere only where IAM knows nothing finer', () => {
    const roles = ['ReplicationRole', 'BackupRole', 'BulkChangesRole', 'TransferHostRole'];
    const statements = roles.flatMap((role) => statementsOf(made, role));
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const everywhere = statements.filter(({ resources }) => resources.includes('*'));
    expect(everywhere.flatMap(({ actions }) => actions)).toEqual([
      ...['s3:ListAllMyBuckets', 'events:ListRules', 'cloudwatch:GetMetricData', 'ssm:UpdateInstanceInformation'],
      ...['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel'],
      ...['ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
    ]);
  });

  it('lets no option delete a file, and only the transfer host write a source', () => {
    const media = 'arn:aws:s3:::reelmill-prod-media-123456789012-us-east-1';
    const may = (role: string, action: string, key: string) =>
      isAllowed(statementsOf(made, role), { action, resource: `${media}/${key}` });
    for (const role of ['ReplicationRole', 'BackupRole', 'BulkChangesRole', 'TransferHostRole']) {
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']) {
        expect([role, action, may(role, action, 'input/preserve/a.mov')]).toEqual([role, action, false]);
        expect([role, action, may(role, action, 'output/preserve/a.mov/a.mp4')]).toEqual([role, action, false]);
      }
      expect(may(role, 's3:PutObject', 'input/preserve/a.mov')).toBe(role === 'TransferHostRole');
      expect(may(role, 's3:PutObject', 'output/preserve/a.mov/a.mp4')).toBe(role === 'BulkChangesRole');
    }
    expect(may('BulkChangesRole', 's3:PutObjectTagging', 'input/preserve/a.mov')).toBe(true);
  });

  it('locks every new version, and lets rules delete only what is no longer locked', () => {
    expect(at(properties('MediaBucket'), 'ObjectLockConfiguration')).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
    });
    expect(at(properties('MediaBucket'), 'VersioningConfiguration')).toEqual({ Status: 'Enabled' });
    // S3 keeps a locked version whatever a rule says; that old versions go at all is what bounds their cost.
    const rules = list(at(properties('MediaBucket'), 'LifecycleConfiguration', 'Rules'));
    expect(rules).toEqual(list(at(rulesOf('prod'), 'Rules')));
    expect(rules).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }));
    expect(pack.template.Resources.MediaBucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('copies sources and results, under the key of the other region, by a role that can do no more', () => {
    const { Role, Rules } = at(properties('MediaBucket'), 'ReplicationConfiguration') as JsonObject;
    expect(Role).toBe('arn:aws:iam::123456789012:role/reelmill-prod-ReplicationRole-MADEUP');
    expect(list(Rules).map((rule) => at(rule, 'Filter', 'Prefix'))).toEqual(['input/', 'output/']);
    expect(list(Rules)[0]).toEqual({
      Id: 'copy-input-0',
      Status: 'Enabled',
      Priority: 0,
      Filter: { Prefix: 'input/' },
      DeleteMarkerReplication: { Status: 'Enabled' },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      Destination: {
        Bucket: 'arn:aws:s3:::my-copies',
        StorageClass: 'GLACIER_IR',
        EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-1:123456789012:key/1234-copies' },
      },
    });
    const statements = statementsOf(made, 'ReplicationRole');
    const may = (action: string, resource: string, context = {}) =>
      isAllowed(statements, { action, resource, context });
    const source = 'arn:aws:s3:::reelmill-prod-media-123456789012-us-east-1';
    expect(may('s3:GetReplicationConfiguration', source)).toBe(true);
    expect(may('s3:GetObjectVersionForReplication', `${source}/input/preserve/a.mov`)).toBe(true);
    expect(may('s3:GetObjectVersionForReplication', `${source}/work/1/fan-out.json`)).toBe(false);
    expect(may('s3:GetObjectRetention', `${source}/input/preserve/a.mov`)).toBe(true);
    expect(may('s3:ReplicateDelete', 'arn:aws:s3:::my-copies/input/preserve/a.mov')).toBe(true);
    expect(may('s3:ReplicateObject', 'arn:aws:s3:::other/input/preserve/a.mov')).toBe(false);
    const encrypt = ['kms:Encrypt', 'arn:aws:kms:eu-west-1:123456789012:key/1234-copies'] as const;
    expect(may(...encrypt, { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' })).toBe(true);
    expect(may(...encrypt, { 'kms:ViaService': 's3.us-east-1.amazonaws.com' })).toBe(false);
  });

  it('lets CloudFront alone read results, and viewers only by signed links over HTTPS', () => {
    const distribution = at(properties('Cdn'), 'DistributionConfig');
    expect(at(distribution, 'DefaultCacheBehavior')).toMatchObject({
      ...{ ViewerProtocolPolicy: 'https-only', TrustedKeyGroups: ['12345678-1234-1234-1234-123456789012'] },
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
    });
    expect(at(distribution, 'Origins')).toEqual([
      expect.objectContaining({
        DomainName: 'reelmill-prod-media-123456789012-us-east-1.s3.us-east-1.amazonaws.com',
        ...{ OriginPath: '/output', OriginAccessControlId: 'E3ABCDEFGHIJKL' },
      }),
    ]);
    expect(at(properties('CdnAccess'), 'OriginAccessControlConfig', 'SigningBehavior')).toBe('always');
    expect(statementNamed('MediaBucketPolicy', 'CdnReadsResults')).toEqual({
      Sid: 'CdnReadsResults',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::reelmill-prod-media-123456789012-us-east-1/output/*',
      Condition: {
        StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE' },
      },
    });
    expect(at(properties('CdnPrivateKey'), 'Name')).toBe('reelmill-prod/cdn-key');
    expect(stringsIn(properties('CdnPrivateKey'))).not.toContainEqual(expect.stringContaining('PRIVATE'));
  });

  it('has the inventory written to the log bucket, by S3 for this bucket alone, and lets it expire with the logs', () => {
    expect(at(properties('MediaBucket'), 'InventoryConfigurations')).toEqual([
      expect.objectContaining({
        ...{ Enabled: true, ScheduleFrequency: 'Daily', IncludedObjectVersions: 'All' },
        Destination: {
          ...{ BucketArn: 'arn:aws:s3:::reelmill-prod-logs-123456789012-us-east-1', Format: 'CSV' },
          Prefix: 'inventory',
        },
      }),
    ]);
    expect(statementNamed('LogBucketPolicy', 'Inventory')).toMatchObject({
      Principal: { Service: 's3.amazonaws.com' },
      Resource: 'arn:aws:s3:::reelmill-prod-logs-123456789012-us-east-1/inventory/*',
      Condition: {
        ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::reelmill-prod-media-123456789012-us-east-1' },
        StringEquals: { 'aws:SourceAccount': '123456789012' },
      },
    });
    const rules = list(at(properties('LogBucket'), 'LifecycleConfiguration', 'Rules'));
    expect(rules).toContainEqual({ Id: 'inventory', Status: 'Enabled', Prefix: 'inventory/', ExpirationInDays: 365 });
  });

  it('looks at its two buckets only with Storage Lens, by prefix and request', () => {
    const lens = at(properties('StorageLens'), 'StorageLensConfiguration');
    expect(at(lens, 'Include', 'Buckets')).toEqual(
      ['media', 'logs'].map((what) => `arn:aws:s3:::reelmill-prod-${what}-123456789012-us-east-1`),
    );
    expect(at(lens, 'AccountLevel', 'BucketLevel', 'ActivityMetrics')).toEqual({ IsEnabled: true });
    expect(at(lens, 'AccountLevel', 'BucketLevel', 'PrefixLevel', 'StorageMetrics', 'IsEnabled')).toBe(true);
  });

  it('backs the media bucket up into a vault that outlives the stack, with the role that lets backups expire', () => {
    expect(at(properties('BackupPlan'), 'BackupPlan', 'BackupPlanRule')).toEqual([
      expect.objectContaining({
        ...{ TargetBackupVault: 'reelmill-prod', ScheduleExpression: 'cron(0 3 ? * SUN *)' },
        Lifecycle: { DeleteAfterDays: 90 },
      }),
    ]);
    expect(at(properties('BackupOfMedia'), 'BackupSelection', 'Resources')).toEqual([
      'arn:aws:s3:::reelmill-prod-media-123456789012-us-east-1',
    ]);
    for (const id of ['BackupVault', 'BackupRole']) {
      expect(pack.template.Resources[id]?.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
    const notifications = at(properties('MediaBucket'), 'NotificationConfiguration');
    expect(at(notifications, 'EventBridgeConfiguration')).toEqual({ EventBridgeEnabled: true });
    expect(list(at(notifications, 'QueueConfigurations'))).toHaveLength(2);
  });

  it('tells the commands what they need by outputs', () => {
    const names = ['CdnDomain', 'CdnKeyId', 'CdnPrivateKeyArn', 'BulkChangesRoleArn', 'TransferHostTemplate'];
    expect(Object.keys(pack.template.Outputs)).toEqual(expect.arrayContaining(names));
  });
});

/** Matches what has grown: every member of its lists is there, in whatever place. */
function growing(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return expect.arrayContaining([...value]) as unknown as Json;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, growing(each) ?? null]));
}

describe('in their smaller forms', () => {
  const propertiesOf = (id: string, ...params: readonly string[]) => added(...params)[id]?.Properties;

  it('objectLock=ready locks nothing by itself', () => {
    expect(propertiesOf('MediaBucket', 'objectLock=ready')).toEqual({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    });
    const { Rule } = at(propertiesOf('MediaBucket', 'objectLock=governance'), 'ObjectLockConfiguration') as JsonObject;
    expect(Rule).toEqual({ DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } });
  });

  it('a copy elsewhere without keys, locks and deletions asks for none of their rights', () => {
    const params = ['replicaBucket=my-copies', 'replicaRegion=eu-west-1', 'replicaPrefixes=[output/ladder/]'];
    const rules = list(at(propertiesOf('MediaBucket', ...params), 'ReplicationConfiguration', 'Rules'));
    expect(rules).toHaveLength(1);
    expect(at(rules[0], 'DeleteMarkerReplication')).toEqual({ Status: 'Disabled' });
    expect(JSON.stringify(propertiesOf('ReplicationRole', ...params))).not.toMatch(/kms:|Retention|ReplicateDelete/);
  });

  it('storageLens=free has none of what is paid for, and an inventory of a stage without versions has none', () => {
    const lens = at(propertiesOf('StorageLens', 'storageLens=free'), 'StorageLensConfiguration', 'AccountLevel');
    expect(lens).toEqual({ BucketLevel: {} });
    const suspended = propertiesOf('MediaBucket', 'inventory=weekly', 'versioning=Suspended');
    expect(at(suspended, 'InventoryConfigurations', 0)).toMatchObject({
      ...{ IncludedObjectVersions: 'Current', ScheduleFrequency: 'Weekly' },
    });
  });

  it('another public key is another resource, so that the one in use is never changed', () => {
    const keyIn = (params: readonly string[]) =>
      Object.keys(added(...params)).filter((id) => id.startsWith('CdnKey') && id !== 'CdnKeys');
    const other = OPTION_PARAMS.cdn[1].replace(
      /MFkw[^-]+/,
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==',
    );
    expect(keyIn(['cdn=signed', other])).not.toEqual(keyIn(OPTION_PARAMS.cdn));
  });
});

it.each([
  { params: ['objectLock=on'], says: /objectLock/ },
  { params: ['objectLock=governance', 'versioning=Suspended'], says: /objectLock: needs versions/ },
  { params: ['objectLock=compliance', 'onDelete=Delete'], says: /objectLock: keeps files .* set onDelete to Retain/ },
  { params: ['objectLock=governance', 'objectLockDays=0'], says: /objectLockDays/ },
  { params: ['replicaBucket=my-copies'], says: /replicaRegion: has to be the region/ },
  { params: ['replicaBucket=my-copies', 'replicaRegion=us-east-1'], says: /another than that of the stage/ },
  { params: ['replicaBucket=my_copies', 'replicaRegion=eu-west-1'], says: /replicaBucket: is no name of a bucket/ },
  {
    params: ['replicaBucket=copies', 'replicaRegion=eu-west-1', 'versioning=Suspended'],
    says: /replicaBucket: needs versions/,
  },
  { params: ['replicaBucket=copies', 'replicaRegion=eu-west-1', 'replicaPrefixes=[]'], says: /at least one prefix/ },
  {
    params: ['replicaBucket=copies', 'replicaRegion=eu-west-1', 'replicaPrefixes=[input/, input/a/]'],
    says: /none that another/,
  },
  { params: ['replicaBucket=copies', 'replicaRegion=eu-west-1', 'replicaPrefixes=[input]'], says: /is no prefix/ },
  {
    params: [
      'replicaBucket=copies',
      'replicaRegion=eu-west-1',
      'sourceKeys=[arn:aws:kms:us-east-1:123456789012:key/1]',
    ],
    says: /replicaKey: is missing/,
  },
  {
    params: ['replicaBucket=copies', 'replicaRegion=eu-west-1', 'replicaKey=arn:aws:kms:us-east-1:123456789012:key/1'],
    says: /replicaKey: has to be a key in replicaRegion/,
  },
  { params: ['replicaRegion=eu-west-1'], says: /empty without replicaBucket/ },
  { params: ['cdn=signed'], says: /cdnPublicKey: has to be the public key/ },
  {
    params: ['cdn=signed', 'cdnPublicKey=-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    says: /cdnPublicKey/,
  },
  { params: ['cdn=public'], says: /cdn/ },
  { params: ['backup=daily', 'versioning=Suspended'], says: /backup: needs versions/ },
  { params: ['backup=daily', 'backupDays=6'], says: /backupDays/ },
  { params: ['inventory=hourly'], says: /inventory/ },
  { params: ['storageLens=on'], says: /storageLens/ },
  { params: ['bulkChanges=maybe'], says: /bulkChanges/ },
  { params: ['transferHost=yes', 'transferHostHours=0'], says: /transferHostHours/ },
])('refuses $params in a sentence that names the setting', ({ params, says }) => {
  expect(() => readStage('prod', params)).toThrow(says);
});
