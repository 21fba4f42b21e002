import { EventEmitter, once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AwsServer } from './aws-servers.ts';

export type Asked = {
  readonly method: string;
  readonly path: string;
  /** "PutItem" for DynamoDB, "StartExecution" for Step Functions; S3 and Batch tell by method and path. */
  readonly operation: string;
  readonly body: string;
  /** The bytes of an object that are asked for, as the header has it. */
  readonly range: string | undefined;
};

/** answer: instead of the server. lose: the server does it, and its answer does not arrive. */
export type Fault =
  | { readonly what: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  | { readonly what: 'lose' };

export type FaultyProxy = AwsServer & {
  /** Decides on each request from now on; undefined lets it through. */
  setFault(decide: (asked: Asked) => Fault | undefined): void;
  readonly faults: number;
  /** Resolves when a request has got a fault since the last setFault. */
  faulted(): Promise<void>;
};

/** The errors by which AWS says "later", each as its service writes it. */
export const THROTTLED: Fault = json(400, 'ThrottlingException', 'Rate exceeded');
export const OVERLOADED: Fault = json(
  400,
  'ProvisionedThroughputExceededException',
  'The level of throughput was exceeded',
);
export const BROKEN: Fault = json(500, 'InternalServerError', 'Internal server error');
export const TOO_MANY: Fault = json(429, 'TooManyRequestsException', 'Too Many Requests');
export const SLOW_DOWN: Fault = {
  what: 'answer',
  status: 503,
  type: 'application/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
};

/** What S3 answers to whoever may not read an object. */
export const FORBIDDEN: Fault = {
  what: 'answer',
  status: 403,
  type: 'application/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};

function json(status: number, name: string, message: string): Fault {
  return {
    what: 'answer',
    status,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify({ __type: name, message }),
  };
}

/** Stands before a server of AWS and fails as told. `oneAtATime`: for servers whose conditions are not atomic. */
export async function faultyProxy(target: AwsServer, { oneAtATime = false } = {}): Promise<FaultyProxy> {
  let decide: (asked: Asked) => Fault | undefined = () => undefined;
  let faults = 0;
  const events = new EventEmitter();
  let turn: Promise<unknown> = Promise.resolve();

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const fault = decide(asked(incoming, body));
    if (fault) events.emit('fault', ++faults);
    if (fault?.what === 'answer') {
      const name = fault.body.startsWith('{') ? String(JSON.parse(fault.body).__type) : '';
      response.writeHead(fault.status, { 'content-type': fault.type, ...(name && { 'x-amzn-errortype': name }) });
      response.end(fault.body);
      return;
    }
    const forward = () => forwarded(target.endpoint, incoming, body);
    const mine = oneAtATime ? turn.then(forward, forward) : forward();
    turn = mine;
    const answer = await mine;
    if (fault?.what === 'lose') return void response.destroy();
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    setFault: (next) => {
      decide = next;
      faults = 0;
    },
    get faults() {
      return faults;
    },
    async faulted() {
      if (faults === 0) await once(events, 'fault');
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await target.close();
    },
  };
}

function asked({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Asked {
  const target = String(headers['x-amz-target'] ?? '');
  return {
    method,
    path: url,
    operation: target.slice(target.lastIndexOf('.') + 1),
    body: body.toString(),
    range: headers.range,
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const agent = new Agent({ keepAlive: true });

async function forwarded(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const { host: _, connection: __, ...rest } = headers;
  const outgoing = request(`${endpoint}${url}`, { method, headers: rest, agent });
  outgoing.end(body);
  const [answer]: [IncomingMessage] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { connection: ___, 'keep-alive': ____, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 500, headers: kept, body: await bytesOf(answer) };
}
