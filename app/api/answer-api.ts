import type { ApiAnswer, ApiRequest } from '../../core/api/api-request.ts';
import { type Caller, LOCAL_CALLER } from '../../core/api/caller.ts';
import { readInput } from '../../core/api/read-input.ts';
import { refusal } from '../../core/api/refusal.ts';
import { type ApiRoute, matchRoute } from '../../core/api/route.ts';
import { ROUTES } from '../../core/api/routes.ts';
import { asServiceError, FAILURES, ServiceError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { ApiPorts } from './api-ports.ts';
import { HANDLERS } from './handlers.ts';

type AnswerPorts = ApiPorts & {
  /** Receives failures of the server, not of the request. */
  readonly log: Pick<Log, 'error'>;
  /** Which of the routes that only one kind of server has are here. */
  readonly side: 'local' | 'aws';
};

/** Answers a request to the API. Whatever goes wrong is an answer with a code and one sentence. */
export async function answerApi(asked: ApiRequest, ports: AnswerPorts): Promise<ApiAnswer> {
  try {
    return await answered(asked, ports);
  } catch (error) {
    const { code, message } = asServiceError(error);
    if (FAILURES[code].http >= 500) ports.log.error('api.failed', { code, reason: message });
    return refusal(code, code === 'bug' ? 'something went wrong here; the log says more' : message);
  }
}

async function answered(asked: ApiRequest, ports: AnswerPorts): Promise<ApiAnswer> {
  const { method, path } = asked;
  const match = matchRoute(ROUTES, { method: method === 'HEAD' ? 'GET' : method, path });
  if (!('name' in match)) return match.allowed.length > 0 ? wrongMethod(asked, match.allowed) : nothingThere(asked);
  const route: ApiRoute = ROUTES[match.name];
  if (route.only !== undefined && route.only !== ports.side) return nothingThere(asked);
  const caller = route.audience === 'anyone' ? NOBODY : allowed(route, asked.caller);
  const { params } = match;
  const { query, renewal } = asked;
  if (match.name === 'events') return { kind: 'events', since: readInput(ROUTES.events.query, query, 'query').since };
  if (match.name === 'putPart') {
    const { upload, part } = readInput(ROUTES.putPart.params, params, 'path');
    return { kind: 'part', upload, part: Number(part), query: readInput(ROUTES.putPart.query, query, 'query') };
  }
  const body = route.body ? await asked.body() : undefined;
  const given = await HANDLERS[match.name]({ caller, params, query, body, renewal }, ports);
  const status = route.status === 302 ? (given.location === undefined ? 200 : 302) : (route.status ?? 200);
  return {
    kind: 'json',
    status,
    json: status === 204 ? undefined : given.json,
    headers: { ...NO_STORE, ...(given.location !== undefined && { location: given.location }) },
    ...(given.renewal !== undefined && { renewal: given.renewal }),
  };
}

const NO_STORE = { 'cache-control': 'no-store' };

/** Whoever calls a route that is open to anyone has no folder and no rights. */
const NOBODY: Caller = { ...LOCAL_CALLER, id: 'nobody', name: 'nobody', role: 'user' };

/** Returns the caller if the route is for them. What belongs to somebody else is refused by the use case, which knows the owner. */
function allowed({ audience }: ApiRoute, caller: Caller | undefined): Caller {
  if (!caller) throw new ServiceError('signed-out', 'nobody is signed in, or the sign-in has expired');
  if (audience === 'operator' && caller.role !== 'operator')
    throw new ServiceError('not-allowed', 'only operators may do this; ask one of them');
  return caller;
}

function wrongMethod({ method, path }: ApiRequest, methods: readonly string[]): ApiAnswer {
  const answer = refusal('usage', `${method} ${path} is not answered; ${methods.join(', ')} is`, 405);
  return { ...answer, headers: { ...answer.headers, allow: methods.join(', ') } };
}

const nothingThere = ({ path }: ApiRequest) =>
  refusal('no-input', `there is nothing at ${path}; /api/openapi.json has what there is`);
