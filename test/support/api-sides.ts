import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { sqliteDemandStore } from '../../adapters/local/sqlite-demand-store.ts';
import { sqliteJobStore } from '../../adapters/local/sqlite-job-store.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { answerApi } from '../../app/api/answer-api.ts';
import type { Job } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { openLocalApi } from '../../runtime/local-api.ts';
import { JOB_TABLE } from '../../runtime/local-ports.ts';
import { pagesPolicy, readPages } from '../../runtime/served-pages.ts';
import { eventHub } from '../../runtime/serving/event-hub.ts';
import { servePages } from '../../runtime/serving/serve.ts';
import { mediaFiles } from '../../runtime/serving/served-media.ts';
import type { Got, Sent } from './api-client.ts';
import { fauxqsServer, optionsFor } from './aws-servers.ts';
import { multipartS3 } from './multipart-s3.ts';
import { openStack } from './stack.ts';

/** Somebody who asks: with a right, no, an old or a foreign token; `ann` and `bob` are people, `olga` is an operator. */
export type Who = 'nobody' | 'expired' | 'foreign' | 'ann' | 'bob' | 'olga';

/** One server of the API. On one machine there is one person, who is all of ann, bob and olga. */
export type ApiSide = {
  readonly jobs: JobStore;
  ask(sent: Sent, who: Who): Promise<Got & { readonly headers: Readonly<Record<string, string>> }>;
  /** Puts a published file there. */
  publish(key: string, text: string): Promise<void>;
  /** Jobs that were sent again or stopped. */
  readonly steered: string[];
  readonly origin: string;
  close(): Promise<void>;
};

const WEEK_MS = 8 * 86_400_000;

/** `reelmill serve` without a mill behind it. */
export async function localSide(root: string, mostConnections?: number) {
  await mkdir(join(root, 'input'), { recursive: true });
  const work = join(root, '.reelmill', 'work');
  await mkdir(work, { recursive: true });
  let offset = 0;
  const now = () => systemClock.now() + offset;
  const jobs = sqliteJobStore(join(work, JOB_TABLE), () => true);
  const demand = sqliteDemandStore(join(work, JOB_TABLE));
  const api = openLocalApi(root, work, now);
  const events = eventHub(Date.now());
  const steered: string[] = [];
  const failures: unknown[] = [];
  const ports = {
    ...api,
    ...{ jobs, demand, clock: { ...systemClock, now }, menu: async () => SHIPPED, codes: undefined },
    steering: {
      retry: async ({ id }: Job) => void steered.push(`retry ${id}`),
      stop: async ({ id }: Job) => steered.push(`stop ${id}`) > 0,
    },
    progressOf: () => undefined,
    about: { stage: 'local', version: '0', live: 'events', cores: 2 },
    log: { error: (event: string, fields: object) => void failures.push({ event, ...fields }) },
    side: 'local',
  } as const;
  const open = () =>
    readPages(join(root, 'pages'), pagesPolicy()).then((pages) =>
      servePages({
        ...{ port: 0, pages, media: mediaFiles(root), events, now, receive: api.receive },
        answer: (asked) => answerApi(asked, ports),
        ...(mostConnections !== undefined && { mostConnections }),
      }),
    );
  const server = await open();
  const foreign = await open();
  const origin = `http://127.0.0.1:${server.port}`;
  const cookieOf = async (url: string) =>
    ((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const cookie = await cookieOf(server.url);
  const other = (await cookieOf(foreign.url)).replace(`${foreign.port}`, `${server.port}`);
  offset = -WEEK_MS;
  const expired = await cookieOf(server.url);
  offset = 0;
  const cookies: Partial<Record<Who, string>> = { expired, foreign: other };
  const side: ApiSide = {
    ...{ jobs, steered, origin },
    async ask({ method, path, query, body }, who) {
      const answer = await fetch(`${origin}${path}${query ? `?${query}` : ''}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(who !== 'nobody' && { cookie: cookies[who] ?? cookie }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const isJson = answer.headers.get('content-type') === 'application/json';
      const json: unknown = isJson ? await answer.json() : undefined;
      await answer.body?.cancel().catch(() => undefined);
      return { status: answer.status, json, headers: Object.fromEntries(answer.headers) };
    },
    publish: (key, text) => folderStore(root).write(key, text, 'text/plain'),
    async close() {
      await server.close();
      await foreign.close();
      api.listing.close();
      demand.close();
      jobs.close();
    },
  };
  return { ...side, server, events, cookie, failures, root };
}

const CLIENT = 'pages-client';
const ISSUER = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool';

/** The function, with the claims that API Gateway would have found in a token. */
export async function functionSide(): Promise<ApiSide & { retried(): Promise<readonly string[]> }> {
  const stack = await openStack({ direct: true });
  const behind = await fauxqsServer();
  const s3 = await multipartS3(behind);
  const sqs = new SQSClient(clientOptions(optionsFor(behind)));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'drops' }));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SQS: behind.endpoint,
    DROPS_QUEUE_URL: QueueUrl,
    BUCKET_ORIGIN: s3.endpoint,
    SIGN_IN_ISSUER: ISSUER,
    SIGN_IN_CLIENT: CLIENT,
    SIGN_IN_URL: 'http://127.0.0.1:1/',
  });
  const bucket = { Bucket: 'media' };
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ ...clientOptions(optionsFor(s3)), forcePathStyle: true });
  await client.send(new CreateBucketCommand(bucket));
  const { handler } = await import('../../functions/api.ts');
  const claimsOf = (who: Who): object | undefined => {
    if (who === 'nobody') return undefined;
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{ sub: who === 'bob' ? 'user-bob' : who === 'olga' ? 'user-olga' : 'user-ann', token_use: 'id' },
      ...{ aud: CLIENT, iss: who === 'foreign' ? ISSUER.replace('pool', 'other') : ISSUER },
      ...{ exp: `${who === 'expired' ? now - 10 : now + 600}`, email: `${who}@example.org` },
      ...(who === 'olga' && { 'cognito:groups': '[operators]' }),
    };
  };
  return {
    jobs: stack.jobs,
    steered: [],
    origin: '',
    async ask({ method, path, query, body }, who) {
      const claims = claimsOf(who);
      const event = {
        ...{ version: '2.0', routeKey: 'ANY /api/{proxy+}', rawPath: path, rawQueryString: query },
        headers: { 'content-type': 'application/json' },
        requestContext: { http: { method, path }, ...(claims && { authorizer: { jwt: { claims, scopes: null } } }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        isBase64Encoded: false,
      };
      const answer = await handler(event, {} as never);
      return {
        status: answer.statusCode,
        json: answer.body === undefined || answer.isBase64Encoded ? undefined : JSON.parse(answer.body),
        headers: { ...answer.headers },
      };
    },
    publish: async (Key, Body) => void (await client.send(new PutObjectCommand({ ...bucket, Key, Body }))),
    async retried() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = '' }) => Body);
    },
    async close() {
      client.destroy();
      sqs.destroy();
      await s3.close();
      await behind.close();
      await stack.close();
    },
  };
}
