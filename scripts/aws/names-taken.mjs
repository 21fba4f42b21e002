import { SetupError } from '../setup-error.mjs';
import { stackName } from './stack.mjs';

/**
 * Throws one sentence where something already has a name that a stack's first deploy is to give: CloudFormation would
 * find out when half of the stack is made.
 * @param {{ stage: string, region: string, account: string }} of
 */
export async function requireFreeNames({ stage, region, account }) {
  const prefix = stackName(stage);
  for (const what of ['media', 'logs'])
    await requireFreeBucket(`${prefix}-${what}-${account}-${region}`, stage, region);
  await requireFreeTable(`${prefix}-jobs`, stage, region);
}

/** @param {string} stage */
const remains = (stage) =>
  `an earlier stack of stage ${stage} left it: npm run destroy -- --stage ${stage} removes it with all that is in it`;

/**
 * @param {string} Bucket
 * @param {string} stage
 * @param {string} region
 */
async function requireFreeBucket(Bucket, stage, region) {
  const { HeadBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const status = await new S3Client({ region, followRegionRedirects: false })
    .send(new HeadBucketCommand({ Bucket }))
    .then(
      () => 200,
      (error) => error?.$metadata?.httpStatusCode ?? Promise.reject(error),
    );
  if (status === 404) return;
  // Anybody may give a bucket any name; 301: it is in another region, 403: it is another account's.
  const why =
    status === 200
      ? remains(stage)
      : `it is another account's, or these credentials may not see it (S3 answers ${status})`;
  throw new SetupError(`the name of the bucket ${Bucket} is taken, and ${why}`, { exitCode: 73 });
}

/**
 * @param {string} TableName
 * @param {string} stage
 * @param {string} region
 */
async function requireFreeTable(TableName, stage, region) {
  const { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
  try {
    await new DynamoDBClient({ region }).send(new DescribeTableCommand({ TableName }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return;
    throw error;
  }
  throw new SetupError(`the name of the table ${TableName} is taken, and ${remains(stage)}`, { exitCode: 73 });
}
