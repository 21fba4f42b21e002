import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as z from 'zod';

export type JsonWebKeySet = { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
export type JwtRules = { readonly issuer: string; readonly audience: readonly string[]; readonly keys: JsonWebKeySet };

const header = z.object({ alg: z.string(), kid: z.string() });
const claims = z.looseObject({
  iss: z.string(),
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
  client_id: z.optional(z.string()),
  exp: z.number(),
  nbf: z.optional(z.number()),
  iat: z.optional(z.number()),
});

/**
 * Returns the claims of a token that the JWT authorizer of an HTTP API lets in; undefined for any other. It checks what
 * API Gateway's documentation lists: an RSA algorithm, the signature by the key of that id, `iss`, `aud` (or `client_id`
 * where there is no `aud`), `exp`, `nbf` and `iat`. It does not look at `token_use`: that is left to the function.
 */
export function claimsOfToken(
  authorization: string | undefined,
  { issuer, audience, keys }: JwtRules,
  nowSeconds: number,
): Readonly<Record<string, string>> | undefined {
  const token = (authorization ?? '').replace(/^Bearer +/i, '');
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0) return undefined;
  const { data: named } = header.safeParse(decoded(head));
  const key = keys.keys.find(({ kid }) => kid === named?.kid);
  if (named?.alg !== 'RS256' || !key) return undefined;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  const { data } = claims.safeParse(decoded(body));
  if (!isSigned || !data) return undefined;
  const { iss, aud = data.client_id ?? [], exp, nbf = 0, iat = 0 } = data;
  const isForUs = [aud].flat().some((each) => audience.includes(each));
  const isNow = exp > nowSeconds && nbf <= nowSeconds && iat <= nowSeconds;
  return iss === issuer && isForUs && isNow ? asTexts(data) : undefined;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** API Gateway passes every claim on as a text, and a list in square brackets. */
const asTexts = (data: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(' ')}]` : `${value}`]),
  );
