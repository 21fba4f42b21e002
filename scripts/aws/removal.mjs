import { emptyBucket } from './emptying.mjs';

/** The services of the stack whose things carry tags that can be searched. */
const SERVICES = [
  ...['s3', 'dynamodb', 'sqs', 'sns', 'lambda', 'batch', 'states', 'ec2', 'kms', 'secretsmanager', 'logs'],
  ...['cloudwatch', 'cloudtrail', 'codedeploy', 'events', 'backup'],
];

/**
 * Something that carries the tags of a stage.
 * @typedef {{ arn: string, kind: 'bucket' | 'table' | 'job definition' | 'other', name: string }} Thing
 */

/**
 * All that carries the tags of a stage, whether its stack is still there or not, in the order in which it can go: the
 * bucket of logs gets logs as long as there is another.
 * @param {string} stage
 * @param {string} region
 * @returns {Promise<Thing[]>}
 */
export async function thingsOf(stage, region) {
  const { GetResourcesCommand, ResourceGroupsTaggingAPIClient } = await import(
    '@aws-sdk/client-resource-groups-tagging-api'
  );
  const api = new ResourceGroupsTaggingAPIClient({ region });
  const TagFilters = [
    { Key: 'project', Values: ['reelmill'] },
    { Key: 'stage', Values: [stage] },
  ];
  const things = [];
  let PaginationToken;
  do {
    /** @type {import('@aws-sdk/client-resource-groups-tagging-api').GetResourcesCommandOutput} */
    const page = await api.send(
      new GetResourcesCommand({ TagFilters, PaginationToken, ResourceTypeFilters: SERVICES }),
    );
    things.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN = '' }) => thingAt(ResourceARN)));
    PaginationToken = page.PaginationToken || undefined;
  } while (PaginationToken);
  return things.sort((a, b) => Number(isLogBucket(a)) - Number(isLogBucket(b)));
}

/** @param {Thing} thing */
const isLogBucket = ({ kind, name }) => kind === 'bucket' && /^reelmill-[a-z]+-logs-/.test(name);

/**
 * @param {string} arn
 * @returns {Thing}
 */
function thingAt(arn) {
  const name = arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);
  if (/^arn:[\w-]+:s3:::[^/]+$/.test(arn)) return { arn, kind: 'bucket', name };
  if (/:dynamodb:.*:table\/[^/]+$/.test(arn)) return { arn, kind: 'table', name };
  if (/:batch:.*:job-definition\//.test(arn)) return { arn, kind: 'job definition', name };
  return { arn, kind: 'other', name };
}

/**
 * What would be missed of a thing, in words; undefined if nothing would.
 * @param {Thing} thing
 * @param {string} region
 */
export async function contentOf({ kind, name }, region) {
  if (kind === 'bucket') {
    const { ListObjectsV2Command, S3Client } = await import('@aws-sdk/client-s3');
    const list = new ListObjectsV2Command({ Bucket: name, MaxKeys: 1000 });
    const { KeyCount = 0, IsTruncated } = await new S3Client({ region }).send(list);
    return `${KeyCount}${IsTruncated ? ' and more' : ''} objects, and their old versions`;
  }
  if (kind !== 'table') return undefined;
  const { DynamoDBClient, DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
  const { Table } = await new DynamoDBClient({ region }).send(new DescribeTableCommand({ TableName: name }));
  return `${Table?.ItemCount ?? 0} jobs, as counted every six hours`;
}

/**
 * Empties a bucket; CloudFormation does not remove one that is not empty.
 * @param {Thing} thing
 * @param {string} region
 * @param {{ bypassGovernance?: boolean }} [how]
 */
export async function emptyThing({ kind, name }, region, how) {
  if (kind !== 'bucket') return;
  const { S3Client } = await import('@aws-sdk/client-s3');
  await emptyBucket(new S3Client({ region }), name, how);
}

/**
 * Removes what the stack was told to keep, and the revisions that it does not count as its own.
 * @param {Thing} thing
 * @param {string} region
 * @param {{ bypassGovernance?: boolean }} [how]
 */
export async function removeThing(thing, region, how) {
  if (thing.kind === 'bucket') await removeBucket(thing, region, how);
  if (thing.kind === 'table') {
    const { DeleteTableCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    await new DynamoDBClient({ region }).send(new DeleteTableCommand({ TableName: thing.name }));
  }
  if (thing.kind === 'job definition') {
    const { BatchClient, DeregisterJobDefinitionCommand } = await import('@aws-sdk/client-batch');
    await new BatchClient({ region }).send(new DeregisterJobDefinitionCommand({ jobDefinition: thing.arn }));
  }
}

/** Access logs come in for hours after what they tell of; between an emptying and the removal there are seconds. */
const REMOVALS = 10;

/**
 * @param {Thing} thing
 * @param {string} region
 * @param {{ bypassGovernance?: boolean }} [how]
 */
async function removeBucket(thing, region, how) {
  const { DeleteBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({ region });
  for (let tries = 1; ; tries++) {
    await emptyThing(thing, region, how);
    try {
      await s3.send(new DeleteBucketCommand({ Bucket: thing.name }));
      return;
    } catch (error) {
      const isFilling = error instanceof Error && error.name === 'BucketNotEmpty';
      if (!isFilling || tries === REMOVALS) throw error;
    }
  }
}

/**
 * Why AWS still shows a thing that is gone, if it does so.
 * @param {Thing} thing
 */
export function whyLeft({ arn, kind }) {
  if (kind === 'job definition') return 'inactive; Batch forgets it after 180 days';
  if (/:batch:.*:job\//.test(arn)) return 'ended; Batch forgets it after seven days';
  if (arn.includes(':recovery-point:')) return 'a backup; it goes when its days are over';
  if (arn.includes(':backup-vault:')) return 'outlives the stack for its backups; delete it when it is empty';
  if (arn.includes(':kms:')) return 'deleted in seven days, free until then';
  return undefined;
}
