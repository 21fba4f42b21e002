import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AwsServer } from '../support/aws-servers.ts';
import { evaluated } from '../support/evaluated-template.ts';
import { type Asked, isAllowed, statementsOf } from '../support/iam.ts';
import { multipartS3 } from '../support/multipart-s3.ts';
import type { Template } from '../support/packaged-template.ts';

/** One request to AWS, as it came over the wire. `by` is the key it was signed with: the rehearsal gives each role its name. */
export type Call = {
  readonly by: string;
  readonly service: string;
  readonly method: string;
  readonly url: URL;
  readonly target: string;
  readonly copySource: string;
  /** Whether it is refused where the object is there already. */
  readonly isNew: boolean;
  readonly body: string;
};

export type RecordingServer = AwsServer & { readonly calls: readonly Call[] };

/**
 * Stands before the server that stands in for AWS, and keeps what is asked of it. Signed addresses and the uploads of
 * people go through a server that checks signatures and tells the checksums of parts, which moto does not.
 */
export async function recording(server: AwsServer): Promise<RecordingServer> {
  const calls: Call[] = [];
  const forPages = await multipartS3(server);
  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const call = callOf(incoming, body);
    calls.push(call);
    const { method, headers, url } = incoming;
    // a connection for each: the server may close one that is kept, just as it is used again
    const passed = request(`${(isOfPages(call) ? forPages : server).endpoint}${url}`, {
      method,
      headers,
      agent: false,
    });
    passed.end(body);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  }
  const front = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    calls,
    close: async () => {
      front.closeAllConnections();
      await once(front.close(), 'close');
      await forPages.close();
      await server.close();
    },
  };
}

const isOfPages = ({ by, url: { searchParams: query } }: Call) =>
  by === 'ApiRole' && ['X-Amz-Signature', 'uploads', 'uploadId'].some((name) => query.has(name));

function callOf({ headers, method = '', url = '' }: IncomingMessage, body: Buffer): Call {
  const address = new URL(url, 'http://aws');
  // a signed address has in its query what a signed request has in a header
  const credential = headers.authorization ?? `Credential=${address.searchParams.get('X-Amz-Credential')}`;
  const [, by = '', service = ''] = /Credential=([^/]+)\/\d+\/[^/]+\/([\w-]+)\//.exec(credential) ?? [];
  const [, rpc = ''] = /^\/service\/\w+\/operation\/(\w+)$/.exec(url) ?? [];
  const target = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '') || rpc;
  const copySource = decodeURIComponent(String(headers['x-amz-copy-source'] ?? '')).replace(/^\//, '');
  const text = body.length < 100_000 ? body.toString('latin1') : '';
  const isNew = headers['if-none-match'] === '*';
  return { by, service, method, url: address, target, copySource, isNew, body: text };
}

export type Judged = {
  readonly judged: number;
  readonly refused: readonly string[];
  readonly roles: readonly string[];
};

/** Which calls IAM would have refused, by the template that was deployed. Calls of the rehearsal itself have no role. */
export function judge(calls: readonly Call[], template: Template): Judged {
  const made = evaluated(template, { account: '123456789012', region: 'us-east-1', stack: 'reelmill-local' });
  const secret = made.get('SlackSecret')?.Ref ?? '';
  // CloudFormation ends the names that it generates with letters of its own, which no two deploys share
  const asEvaluated = (resource: string) => {
    const [, id = ''] = /:compute-environment\/reelmill-local-(\w+)-[A-Z0-9]+$/.exec(resource) ?? [];
    return made.get(id)?.Ref ?? resource;
  };
  const byRoles = calls.filter(({ by }) => made.get(by)?.Type === 'AWS::IAM::Role');
  const refused = byRoles.flatMap((call) => {
    const statements = statementsOf(made, call.by);
    return askedBy(call, secret)
      .map((asked) => ({ ...asked, resource: asEvaluated(asked.resource) }))
      .filter((asked) => !isAllowed(statements, asked))
      .map(({ action, resource }) => `${call.by} may not ${action} on ${resource}`);
  });
  const roles = [...new Set(byRoles.map(({ by }) => by))].sort();
  return { judged: byRoles.length, refused: [...new Set(refused)], roles };
}

/** What IAM is asked for a request. Throws at one it does not know: none goes unjudged. */
function askedBy(call: Call, secret: string): readonly Asked[] {
  const { service, target, body, url } = call;
  const json = () => JSON.parse(body) as Record<string, never>;
  const at = (action: string, resource: string, context?: Asked['context']): readonly Asked[] => [
    { action: `${service}:${action}`, resource, ...(context && { context }) },
  ];
  switch (service) {
    case 's3':
      return s3(call);
    case 'dynamodb':
      return dynamo(target, json());
    case 'batch':
      return batch(url.pathname.replace('/v1/', ''), json());
    case 'states':
      return at(target, String(json().executionArn ?? json().stateMachineArn));
    case 'secretsmanager':
      return at(target, secret); // the rehearsal's own secret in place of the stack's
    case 'monitoring':
      return [
        {
          action: `cloudwatch:${target || new URLSearchParams(body).get('Action')}`,
          resource: '*',
          context: { 'cloudwatch:namespace': body.includes('Reelmill') ? 'Reelmill' : '' },
        },
      ];
    case 'sns':
      return at(new URLSearchParams(body).get('Action') ?? '', new URLSearchParams(body).get('TopicArn') ?? '');
    case 'sqs': {
      const [account, name] = new URL(String(json().QueueUrl)).pathname.split('/').slice(1);
      // a batch of messages is what sqs:SendMessage or sqs:DeleteMessage allows (Service Authorization Reference, Amazon SQS)
      return at(target.replace(/Batch$/, ''), `arn:aws:sqs:us-east-1:${account}:${name}`);
    }
    case 'ec2':
      return at(new URLSearchParams(body).get('Action') ?? '', '*');
    case 'sagemaker':
    case 'ce':
    case 'cloudtrail':
      return at(target, '*');
    default:
      throw new Error(`a call to ${service} by ${call.by} that no rule judges: ${call.method} ${url.pathname}`);
  }
}

const OF_BUCKETS: Readonly<Record<string, string>> = {
  'list-type': 's3:ListBucket',
  uploads: 's3:ListBucketMultipartUploads',
  encryption: 's3:GetEncryptionConfiguration',
  publicAccessBlock: 's3:GetBucketPublicAccessBlock',
  logging: 's3:GetBucketLogging',
  policyStatus: 's3:GetBucketPolicyStatus',
  versioning: 's3:GetBucketVersioning',
};

function s3({ method, url, copySource, isNew }: Call): readonly Asked[] {
  const [, bucket = '', ...parts] = url.pathname.split('/');
  const key = decodeURIComponent(parts.join('/'));
  const query = url.searchParams;
  const arn = `arn:aws:s3:::${bucket}`;
  if (key === '') {
    const [, action] = Object.entries(OF_BUCKETS).find(([name]) => query.has(name)) ?? [];
    if (!action) throw new Error(`a call to the bucket ${bucket} that no rule judges: ${method} ${url.search}`);
    return [{ action, resource: arn }];
  }
  const resource = `${arn}/${key}`;
  if (method === 'GET' && query.has('uploadId')) return [{ action: 's3:ListMultipartUploadParts', resource }];
  if (method === 'GET' || method === 'HEAD') return [{ action: 's3:GetObject', resource }];
  if (method === 'DELETE')
    return [{ action: query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject', resource }];
  const read = copySource ? [{ action: 's3:GetObject', resource: `arn:aws:s3:::${copySource}` }] : [];
  const isPart = query.has('partNumber') || query.has('uploads'); // these make no object yet
  const context = {
    's3:ObjectCreationOperation': `${!isPart}`,
    ...(isNew && { 's3:if-none-match': '*' }),
  };
  return [{ action: 's3:PutObject', resource, context }, ...read];
}

type Row = { readonly id?: { readonly S?: string } };
type DynamoBody = {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Row;
  readonly Item?: Row;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Row[] }>>;
};

function dynamo(operation: string, { TableName, IndexName, Key, Item, RequestItems }: DynamoBody): readonly Asked[] {
  const arn = (table = '') => `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`;
  const action = `dynamodb:${operation}`;
  if (RequestItems)
    return Object.entries(RequestItems).map(([table, { Keys }]) => ({
      action,
      resource: arn(table),
      context: { 'dynamodb:LeadingKeys': Keys.map(({ id }) => id?.S ?? '') },
    }));
  if (IndexName) return [{ action, resource: `${arn(TableName)}/index/${IndexName}` }];
  return [{ action, resource: arn(TableName), context: { 'dynamodb:LeadingKeys': (Key ?? Item)?.id?.S ?? '' } }];
}

type BatchBody = Partial<Record<'jobQueue' | 'jobDefinition' | 'jobId' | 'computeEnvironment', string>>;

function batch(operation: string, body: BatchBody): readonly Asked[] {
  const { jobQueue = '', jobDefinition = '', jobId = '', computeEnvironment = '' } = body;
  const arn = (kind: string, name: string) =>
    name.startsWith('arn:') ? name : `arn:aws:batch:us-east-1:123456789012:${kind}/${name}`;
  switch (operation) {
    case 'submitjob':
      return [
        { action: 'batch:SubmitJob', resource: arn('job-queue', jobQueue) },
        { action: 'batch:SubmitJob', resource: arn('job-definition', jobDefinition) },
        { action: 'batch:TagResource', resource: arn('job', 'new') },
      ];
    case 'listjobs':
      return [{ action: 'batch:ListJobs', resource: '*' }];
    case 'describejobs':
      return [{ action: 'batch:DescribeJobs', resource: '*' }];
    case 'describejobqueues':
      return [{ action: 'batch:DescribeJobQueues', resource: '*' }];
    case 'describecomputeenvironments':
      return [{ action: 'batch:DescribeComputeEnvironments', resource: '*' }];
    case 'updatecomputeenvironment':
      return [{ action: 'batch:UpdateComputeEnvironment', resource: arn('compute-environment', computeEnvironment) }];
    case 'canceljob':
      return [{ action: 'batch:CancelJob', resource: arn('job', jobId) }];
    default:
      throw new Error(`a call to Batch that no rule judges: ${operation}`);
  }
}
