import { join } from 'node:path';
import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { execa } from 'execa';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { exclusively } from '../../scripts/exclusively.mjs';
import { withTemporaryFolder } from '../../scripts/temporary-folder.mjs';
import { motoServer } from '../support/aws-servers.ts';
import { type Deployed, readDeployed } from './deployed.ts';
import { type Call, recording } from './permissions.ts';
import { linesOf, type Steps } from './steps.ts';

/** The deployed stack, on moto_server. */
export type Stage = {
  readonly s3: S3Client;
  readonly batch: BatchClient;
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  readonly jobs: JobStore;
  readonly deployed: Deployed;
  /** Deploys again with other settings, and reads what is there then. */
  deployAgain(params: readonly string[]): Promise<Deployed>;
  readonly ran: Steps['ran'];
  /** The environment that leads programs to it. */
  readonly aws: Readonly<Record<string, string>>;
  readonly media: string;
  /** All that was asked of AWS until now. */
  readonly calls: readonly Call[];
  readonly logs: string;
  /** Messages that S3 has put into the queue since the last call. */
  drops(): Promise<readonly Message[]>;
  /** What a queue that is subscribed to the notices has got since the last call. */
  notices(): Promise<
    readonly {
      readonly kind: string;
      readonly source: string;
      readonly summary: string;
      readonly details: Readonly<Record<string, unknown>>;
    }[]
  >;
  close(): Promise<void>;
};

/** The pages, for two people and an operator, and a stop at a sum that this month does not reach by itself. */
const SETTINGS = [
  'spendingStopUsd=100',
  'pages=on',
  'operators=[olga@example.org]',
  'people=[ann@example.org, bob@example.org]',
];

/** Everything that has to be there before the first drop; each part of it is a step. */
export async function openStage({ step, ran }: Pick<Steps, 'step' | 'ran'>, webhook: string): Promise<Stage> {
  const server = await step('moto_server stands in for AWS', async () => recording(await motoServer()));
  const aws = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, aws);
  const s3 = new S3Client({ forcePathStyle: true });
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const sns = new SNSClient({});
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  try {
    await step('serverless deploy --stage local', () => deploy(SETTINGS, ran));
    const deployed = await step('the stack is there', () => readDeployed({ s3, aws, ran }));
    const media = deployed.physical('MediaBucket');
    const queue = await queueNamed(sqs, deployed.physical('DropsQueue').split('/').at(-1) ?? '');
    await step('S3 tells the queue of drops', () => notify(s3, { media, queueArn: queue.arn, deployed }));
    const notices = await step('a queue is subscribed to the notices', () =>
      subscribed(sqs, sns, deployed.physical('Notices')),
    );
    await new SecretsManagerClient({}).send(new CreateSecretCommand({ Name: 'slack', SecretString: webhook }));
    return {
      ...{ s3, deployed, media, ran },
      async deployAgain(params) {
        await deploy([...SETTINGS, ...params], ran);
        return readDeployed({ s3, aws, ran });
      },
      lambda: new LambdaClient({}),
      // what it is signed with tells by whom: containers have the role of their tasks
      aws: { ...aws, AWS_ACCESS_KEY_ID: 'EncodeTaskRole' },
      calls: server.calls,
      batch: new BatchClient({}),
      sfn: new SFNClient({}),
      jobs: dynamoJobStore(db, deployed.physical('JobsTable')),
      logs: deployed.physical('LogBucket'),
      drops: () => drain(sqs, queue.url),
      notices: async () => (await drain(sqs, notices)).map(({ Body = '' }) => JSON.parse(JSON.parse(Body).Message)),
      close: server.close,
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function deploy(params: readonly string[], ran: Steps['ran']): Promise<void> {
  const program = 'node_modules/serverless/bin/serverless.js';
  const args = [program, 'deploy', '--stage', 'local', ...params.flatMap((pair) => ['--param', pair])];
  // Tests package into the same folder.
  const { exitCode = null, all } = await exclusively(join('.cache', 'package.lock'), () =>
    withTemporaryFolder((env) => execa(process.execPath, args, { env, reject: false, all: true })),
  );
  ran({ what: 'serverless deploy', exitCode, lastLines: linesOf(all) });
  if (exitCode !== 0) throw new Error(`serverless deploy ended with ${exitCode}`);
}

/** moto's CloudFormation leaves notifications out: the packaged template's own, with the queue's name filled in. */
async function notify(
  s3: S3Client,
  { media, queueArn, deployed }: { media: string; queueArn: string; deployed: Deployed },
): Promise<void> {
  const { NotificationConfiguration } = deployed.template.Resources.MediaBucket.Properties;
  const QueueConfigurations = NotificationConfiguration.QueueConfigurations.map(({ Event, Filter }) => ({
    QueueArn: queueArn,
    Events: [Event],
    Filter: { Key: { FilterRules: Filter.S3Key.Rules } },
  }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: media,
      NotificationConfiguration: { QueueConfigurations },
    }),
  );
}

async function queueNamed(sqs: SQSClient, QueueName: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  return { url, arn: (await sqs.send(asked)).Attributes?.QueueArn ?? '' };
}

async function subscribed(sqs: SQSClient, sns: SNSClient, TopicArn: string): Promise<string> {
  await sqs.send(new CreateQueueCommand({ QueueName: 'rehearsal' }));
  const { url, arn } = await queueNamed(sqs, 'rehearsal');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn }));
  return url;
}

async function drain(sqs: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const found: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return found;
    found.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
