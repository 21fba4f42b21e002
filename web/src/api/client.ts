import type { AnswerOf, BodyOf, QueryOf } from '../../../core/api/routes.ts';
import { Refused } from './refused.ts';
import { REQUESTS, type RequestName } from './requests.ts';

export type Asked<Name extends RequestName> = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Partial<QueryOf<Name>>;
  readonly body?: BodyOf<Name>;
  readonly signal?: AbortSignal;
};

/** Asks a route, and gives what it answers. Throws Refused for a refusal, with the API's own sentence. */
export type Client = <Name extends RequestName>(name: Name, asked?: Asked<Name>) => Promise<AnswerOf<Name>>;

type ClientOptions = {
  readonly fetch: typeof fetch;
  /** The token for the header, where people sign in by e-mail; locally a cookie does. */
  token(): string | undefined;
  /** Called once where an answer says that nobody is signed in. True if a new token is there, with which to ask again. */
  renew(): Promise<boolean>;
};

/** Returns the client of the API. A sign-in that has ended is renewed, and asked with once more. Throws `Refused` for an answer of failure. */
export function createClient({ fetch, token, renew }: ClientOptions): Client {
  const ask = async <Name extends RequestName>(name: Name, asked: Asked<Name>): Promise<Response> => {
    const [method, path] = REQUESTS[name];
    const { body, signal = null } = asked;
    const bearer = token();
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    return fetch(addressOf(path, asked), { method, headers, body: text, signal, cache: 'no-store' }).catch((error) => {
      if (signal?.aborted) throw signal.reason;
      throw noAnswer(error);
    });
  };
  return async (name, asked = {}) => {
    const first = await ask(name, asked);
    const isSigningIn = REQUESTS[name][1].startsWith('/api/sign-in');
    const response = first.status === 401 && !isSigningIn && (await renew()) ? await ask(name, asked) : first;
    if (!response.ok) throw await refusalOf(response);
    return JSON.parse(response.status === 204 ? '{}' : await response.text());
  };
}

type Filled = { readonly params?: Readonly<Record<string, string>>; readonly query?: object };

function addressOf(path: string, { params = {}, query = {} }: Filled): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length > 0 ? `${filled}?${new URLSearchParams(given)}` : filled;
}

async function refusalOf(response: Response): Promise<Refused> {
  const { status } = response;
  const said = await response.json().catch(() => undefined);
  if (typeof said?.code === 'string' && typeof said?.reason === 'string') return new Refused({ status, ...said });
  return new Refused({ status, code: 'unknown', reason: `the server answered ${status} and did not say why` });
}

const noAnswer = (cause: unknown) =>
  new Refused({ status: 0, code: 'no-answer', reason: `the server does not answer (${String(cause)})` });
