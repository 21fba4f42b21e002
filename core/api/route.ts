import type * as z from 'zod/mini';

/**
 * Who may call a route. `anyone`: before signing in. `person`: whoever is signed in; what it answers is the same for all, or
 * only of what is theirs. `owner`: the person whom the job, upload or playlist in the path belongs to, and operators.
 * `operator`: people who look after the stage.
 */
type Audience = 'anyone' | 'person' | 'owner' | 'operator';

/** One route: what comes in, and what goes out. Names in braces in the path are those of `params`. */
export type ApiRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/api/${string}`;
  readonly audience: Audience;
  readonly summary: string;
  readonly params?: z.ZodMiniObject;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  /** The JSON of the answer. */
  readonly answer: z.ZodMiniType;
  /** The status of an answer that is not a refusal; 200 by default. */
  readonly status?: 201 | 204 | 302;
  /** What the answer is made of if it is no JSON. */
  readonly media?: 'text/event-stream' | 'application/octet-stream';
  /** Where the route is served: on one machine only, on AWS only, or both by default. */
  readonly only?: 'local' | 'aws';
};

/** The route whose path matches, and the parts of the path that its braces stand for, decoded. */
type RouteMatch<Name extends string> = {
  readonly name: Name;
  readonly params: Readonly<Record<string, string>>;
};

/** Returns the route of a request; or the methods that its path has, none if there is no such path. */
export function matchRoute<Name extends string>(
  routes: Readonly<Record<Name, ApiRoute>>,
  { method, path }: { readonly method: string; readonly path: string },
): RouteMatch<Name> | { readonly allowed: readonly string[] } {
  const allowed: string[] = [];
  for (const name in routes) {
    const params = paramsOf(routes[name].path, path);
    if (!params) continue;
    if (routes[name].method === method) return { name, params };
    allowed.push(routes[name].method);
  }
  return { allowed };
}

function paramsOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = decoded(given[at] ?? '');
    if (value === undefined) return undefined;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && value !== '') params[name] = value;
    else if (value !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // a percent sign without two hexadecimal digits
  }
}
