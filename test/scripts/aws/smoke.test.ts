import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { JOBS_TABLE } from '../../../adapters/aws/jobs-table.ts';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { type FaultyProxy, faultyProxy } from '../../support/faulty-proxy.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { KEYS, stageScript } from '../../support/stage-script.ts';

describe('without credentials', () => {
  it.each(['smoke', 'redrive', 'destroy'])('%s says what to do', async (script) => {
    const { code, stderr } = await stageScript(script, ['--stage', 'dev'], {});
    expect([code, stderr]).toEqual([
      69,
      expect.stringMatching(/^reelmill: there are no credentials of an AWS account [^\n]*\n$/),
    ]);
  });
});

const bucket = (name: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: name } });
const TEMPLATE = {
  Resources: {
    Media: bucket('media'),
    Logs: bucket('logs'),
    Jobs: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'jobs', ...JOBS_TABLE } },
    Notices: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'notices' } },
  },
  Outputs: {
    MediaBucketName: { Value: { Ref: 'Media' } },
    LogBucketName: { Value: { Ref: 'Logs' } },
    JobsTableName: { Value: { Ref: 'Jobs' } },
    NoticesTopicArn: { Value: { Ref: 'Notices' } },
  },
};
const ID = '0123456789abcdef0123456789abcdef';

await describeOnMoto('smoke', () => {
  let server: AwsServer;
  let batch: FaultyProxy;
  let s3: S3Client;
  let sns: SNSClient;
  let db: DynamoDBClient;

  beforeAll(async () => {
    server = await motoServer();
    // Jobs of moto's Batch succeed at once: what Batch would say is told by a proxy before it.
    batch = await faultyProxy({ ...server, close: async () => {} });
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    sns = new SNSClient(clientOptions(optionsFor(server)));
    db = new DynamoDBClient(clientOptions(optionsFor(server)));
    const stacks = new CloudFormationClient(clientOptions(optionsFor(server)));
    await stacks.send(new CreateStackCommand({ StackName: 'reelmill-dev', TemplateBody: JSON.stringify(TEMPLATE) }));
    stacks.destroy();
  });
  afterAll(async () => {
    for (const client of [s3, sns, db]) client.destroy();
    await batch.close();
    await server.close();
  });

  const batchSays = (job: object) =>
    batch.setFault(({ path }) =>
      path === '/v1/describejobs'
        ? {
            what: 'answer',
            status: 200,
            type: 'application/json',
            body: JSON.stringify({ jobs: [{ jobId: 'b', ...job }] }),
          }
        : undefined,
    );
  const smoke = (...args: readonly string[]) =>
    stageScript('smoke', ['--stage', 'dev', ...args], {
      ...KEYS,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    });

  /** The key of what was dropped, once it is there. */
  async function dropped(): Promise<string> {
    for (;;) {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: 'media', Prefix: 'input/preserve/smoke/' }),
      );
      const [{ Key = '' } = {}] = Contents;
      if (Key) return Key;
    }
  }
  const row = (source: string, status: string) =>
    db.send(
      new PutItemCommand({
        TableName: 'jobs',
        Item: {
          ...{ id: { S: ID }, shard: { S: '0' }, source: { S: source }, createdMs: { N: '1' }, open: { S: '0' } },
          state: { M: { status: { S: status } } },
          sent: { M: { reference: { S: 'b' } } },
        },
      }),
    );
  async function tell(source: string, kind: string): Promise<void> {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    expect(Subscriptions).toHaveLength(1);
    const Message = JSON.stringify({ kind, job: ID, source, summary: `${source} is ${kind}` });
    await sns.send(new PublishCommand({ TopicArn: Subscriptions[0]?.TopicArn, Message }));
  }
  const left = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'media' }));
    return [Contents.length, (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions];
  };

  it("shows where the job is while it waits, tells Batch's reason, exit code and the last of its log when it fails, and leaves nothing", async () => {
    batchSays({ status: 'RUNNABLE', statusReason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE' });
    const running = smoke();
    const key = await dropped();
    await row(key, 'queued');
    const log = Array.from({ length: 30 }, (_, i) => JSON.stringify({ event: `line.${i}` })).join('\n');
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: `tasks/${ID}/all-attempt-1.jsonl`, Body: `${log}\n` }));
    await batch.faulted(); // it has looked, and said what it found
    const container = { exitCode: 70, reason: 'OutOfMemoryError: Container killed due to memory usage' };
    batchSays({ status: 'FAILED', statusReason: 'Essential container in task exited', attempts: [{ container }] });
    await db.send(
      new UpdateItemCommand({
        TableName: 'jobs',
        Key: { id: { S: ID } },
        UpdateExpression: 'REMOVE #open',
        ExpressionAttributeNames: { '#open': 'open' },
      }),
    );
    await tell(key, 'failed');

    const { code, stderr } = await running;
    expect(code).toBe(70);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toContain(
      `reelmill: job ${ID} is queued; Batch has it RUNNABLE (MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE)`,
    );
    expect(lines).toContain('Batch: FAILED, Essential container in task exited');
    expect(lines).toContain("the container's exit code: 70, OutOfMemoryError: Container killed due to memory usage");
    expect(lines.filter((line) => line.startsWith('{"event"'))).toEqual(log.split('\n').slice(-12));
    expect(lines.at(-1)).toBe(`reelmill: failed: ${key} is failed`);
    expect(await left()).toEqual([0, []]);
  });

  it('ends well where the notice says done and the manifest is there', async () => {
    const running = smoke();
    const key = await dropped();
    const output = key.replace('input/', 'output/');
    await s3.send(new PutObjectCommand({ Bucket: 'media', Key: `${output}/manifest.json`, Body: '{}' }));
    await tell(key, 'done');
    const { code, stderr } = await running;
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${key} is done`)]);
    expect(await left()).toEqual([0, []]);
  });

  it('says where the drop got to when time is up', async () => {
    const { code, stderr } = await smoke('--minutes', '0.001');
    expect(code).toBe(75);
    expect(stderr).toMatch(
      /no notice of input\/preserve\/smoke\/\S+ came in 0\.001 minutes; no job yet: the drop waits in its queue/,
    );
  });
});
