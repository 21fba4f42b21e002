import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { evaluated } from '../support/evaluated-template.ts';
import { at, list, type Template } from '../support/packaged-template.ts';
import type { Deployed } from './deployed.ts';
import { claimsOfToken, type JsonWebKeySet } from './jwt-authorizer.ts';

/** What the packaged template says of its HTTP API: the routes, and whose tokens open them. */
export type ApiSettings = {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly routes: readonly Route[];
};
type Route = { readonly key: string; readonly wantsToken: boolean };

/** A server in the place of API Gateway's HTTP API. */
export type HttpApi = {
  readonly url: string;
  /** How often the function was called. */
  readonly calls: () => number;
  close(): Promise<void>;
};

const answerSchema = z.object({
  statusCode: z.number(),
  headers: z.optional(z.record(z.string(), z.string())),
  cookies: z.optional(z.array(z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** Reads the routes and the authorizer that moto's CloudFormation did not make, as CloudFormation would evaluate them. */
export function apiSettings({ template }: Deployed): ApiSettings {
  const whole = template as unknown as Template;
  const Resources = { ...whole.Resources, ...template.Metadata.StandIns };
  const made = [
    ...evaluated({ ...whole, Resources }, { account: '123456789012', region: 'us-east-1', stack: 'x' }).values(),
  ];
  const of = (type: string) => made.filter(({ Type }) => Type === `AWS::ApiGatewayV2::${type}`);
  const jwt = at(of('Authorizer')[0]?.Properties, 'JwtConfiguration');
  return {
    issuer: String(at(jwt, 'Issuer')),
    audience: list(at(jwt, 'Audience')).map(String),
    routes: of('Route').map(({ Properties }) => ({
      key: String(Properties.RouteKey),
      wantsToken: Properties.AuthorizationType === 'JWT',
    })),
  };
}

/** Serves the routes: checks tokens itself, and calls the deployed function with events of format 2.0. */
export async function openHttpApi(deployed: Deployed, settings: ApiSettings, keys: JsonWebKeySet): Promise<HttpApi> {
  let calls = 0;
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const url = new URL(incoming.url ?? '/', 'http://api');
    const route = routeOf(settings.routes, incoming.method ?? '', url.pathname);
    if (!route) return reject(response, 404, 'Not Found');
    const { authorization } = incoming.headers;
    const claims = route.wantsToken
      ? claimsOfToken(authorization, { ...settings, keys }, Date.now() / 1000)
      : undefined;
    if (route.wantsToken && !claims) return reject(response, 401, 'Unauthorized');
    calls++;
    const event = eventOf({ incoming, url, body, claims, route: route.key });
    const given = answerSchema.parse(await deployed.invoke('api', event));
    response.writeHead(given.statusCode, { ...given.headers, ...(given.cookies && { 'set-cookie': given.cookies }) });
    response.end(Buffer.from(given.body ?? '', given.isBase64Encoded ? 'base64' : 'utf8'));
  }
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => reject(response, 500, 'Internal Server Error'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    calls: () => calls,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const reject = (response: ServerResponse, status: number, message: string): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));

/** A route of the whole path wins over one that takes all below a path, the longer of these over the shorter, a method over ANY. */
function routeOf(routes: readonly Route[], method: string, path: string): Route | undefined {
  const rank = ({ key }: Route) => {
    const [, pattern = ''] = key.split(' ');
    return (pattern.endsWith('{proxy+}') ? 0 : 10_000) + pattern.length * 2 + (key.startsWith('ANY') ? 0 : 1);
  };
  return routes
    .filter(({ key }) => {
      const [wanted, pattern = ''] = key.split(' ');
      const below = pattern.replace(/\{proxy\+\}$/, '');
      const isThere = below === pattern ? path === pattern : path.startsWith(below) && path.length > below.length;
      return (wanted === 'ANY' || wanted === method) && isThere;
    })
    .toSorted((a, b) => rank(b) - rank(a))[0];
}

type Asked = {
  readonly incoming: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
  readonly claims: Readonly<Record<string, string>> | undefined;
  readonly route: string;
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function eventOf({ incoming, url, body, claims, route }: Asked) {
  const { cookie, ...headers } = incoming.headers;
  const now = new Date();
  return {
    version: '2.0',
    routeKey: route,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')])),
    ...(url.search && { queryStringParameters: Object.fromEntries(url.searchParams) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1bcdef2gh',
      ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
      domainName: 'a1bcdef2gh.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'a1bcdef2gh',
      http: {
        ...{ method: incoming.method, path: url.pathname, protocol: 'HTTP/1.1' },
        ...{ sourceIp: '192.0.2.1', userAgent: headers['user-agent'] ?? '' },
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: route,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString() }),
    isBase64Encoded: false,
  };
}
