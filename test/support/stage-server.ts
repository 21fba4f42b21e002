import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bucketOptions, clientOptions, documentOptions } from '../../adapters/aws/client-options.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { dynamoSpending } from '../../adapters/aws/dynamo-spending.ts';
import { dynaliteServer, fauxqsServer, optionsFor } from './aws-servers.ts';
import { newJobsTable } from './jobs-table.ts';
import { multipartS3 } from './multipart-s3.ts';
import { plainEnvironment } from './reelmill.ts';
import { STAGE, stageInBuckets } from './stage-in-buckets.ts';

type Heard = { readonly what: string; readonly body: string };

/** The deployed stage `dev` as the command finds it, all services behind one address. */
export async function stageServer() {
  const files = await fauxqsServer();
  const parts = await multipartS3(files);
  const documents = await dynaliteServer();
  const stack = stageInBuckets({ created: '', status: 'Complete' });
  const s3 = new S3Client(bucketOptions(optionsFor(parts)));
  const sqs = new SQSClient(clientOptions(optionsFor(files)));
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(optionsFor(documents))), documentOptions);
  STAGE.table = await newJobsTable(db);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'drops' }));
  STAGE.queue = QueueUrl;
  await s3.send(new CreateBucketCommand({ Bucket: STAGE.media }));

  const heard: Heard[] = [];
  const events = new EventEmitter().setMaxListeners(0);
  let before: (asked: Heard) => Promise<void> = async () => undefined;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const target = String(headers['x-amz-target'] ?? '');
    const body = await buffer(incoming);
    const asked = { what: target || `${method} ${decodeURIComponent(url)}`, body: body.toString('latin1') };
    await before(asked);
    const isAnswered = () => {
      heard.push(asked);
      events.emit('heard');
    };
    const told = await stack(`${method} ${url}`, asked.body, files.endpoint, headers);
    if (told) {
      isAnswered();
      return void response.writeHead(told.status, { 'content-type': 'text/xml' }).end(told.xml);
    }
    if (['/v1/terminatejob', '/v1/updatecomputeenvironment'].includes(url) || target.startsWith('AWSStepFunctions.')) {
      isAnswered();
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"stopDate":1}');
    }
    const behind = target.startsWith('DynamoDB') ? documents : target.startsWith('AmazonSQS') ? files : parts;
    const passed = request(`${behind.endpoint}${url}`, { method, headers });
    passed.on('error', () => response.destroy());
    passed.end(body);
    const [answered]: [IncomingMessage] = (await once(passed, 'response')) as [IncomingMessage];
    isAnswered();
    response.writeHead(answered.statusCode ?? 500, answered.headers);
    answered.pipe(response);
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    endpoint,
    s3,
    bucket: STAGE.media,
    jobs: dynamoJobStore(db, STAGE.table),
    demand: dynamoDemandStore(db, STAGE.table),
    spending: dynamoSpending(db, STAGE.table),
    /** All requests that have been answered: what they asked for is done. */
    heard,
    /** The requests among them of which this is a part. */
    heardOf: (text: string) => heard.filter(({ what }) => what.includes(text)),
    /** Is waited for before a request is passed on; a request that it never lets go is one that never arrives. */
    holdBefore(hold: (asked: Heard) => Promise<void>) {
      before = hold;
    },
    /** Resolves when so many requests have been answered of which this is a part. */
    async untilHeard(text: string, count: number): Promise<void> {
      while (heard.filter(({ what }) => what.includes(text)).length < count) await once(events, 'heard');
    },
    /** What stands in the queue of drops, which is empty then. */
    async queued(): Promise<readonly string[]> {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return bodies;
        for (const { Body = '', ReceiptHandle } of Messages) {
          bodies.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    async close(): Promise<void> {
      for (const client of [s3, sqs, db]) client.destroy();
      server.closeAllConnections();
      server.close();
      await Promise.all([parts.close(), documents.close()]);
      await files.close();
    },
  };
}

export type StageServer = Awaited<ReturnType<typeof stageServer>>;

/** What leads the command to the stage. */
export const at = ({ endpoint }: { readonly endpoint: string }): readonly string[] => [
  ...['--stage', 'dev', '--region', 'us-east-1', '--endpoint', endpoint],
];

/** The built command for somebody who has no credentials of AWS, on a machine that is none of Amazon's. */
export function commandAlone(words: readonly string[], home: string) {
  const kept = Object.entries(plainEnvironment()).filter(([name]) => !name.startsWith('AWS_'));
  const env = { ...Object.fromEntries(kept), HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
  return { program: process.execPath, args: [join(process.cwd(), 'dist', 'cli.js'), ...words], env };
}
