import * as z from 'zod/mini';
import type { Caller } from './caller.ts';

/** The group of people who see and steer everything of a stage. */
const OPERATORS = 'operators';

/** The claims of an ID token of Cognito, as API Gateway passes them on: all of them texts, lists in square brackets. */
const claimsSchema = z.object({
  sub: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  iss: z.string(),
  aud: z.string(),
  exp: z.union([z.string(), z.number()]),
  token_use: z.literal('id'),
  email: z.optional(z.string()),
  'cognito:groups': z.optional(z.union([z.string(), z.array(z.string())])),
});

/** What a token has to be: of this stage's people, for this stage's pages, and not expired. */
type TokenRules = { readonly issuer: string; readonly audience: string; readonly nowMs: number };

/**
 * Returns who a token's claims say somebody is; undefined for a token that is not of this stage, or has expired. API Gateway
 * has checked its signature and the same claims before; this stands behind a route that was left open by mistake.
 */
export function callerOfClaims(claims: unknown, { issuer, audience, nowMs }: TokenRules): Caller | undefined {
  const { success, data } = claimsSchema.safeParse(claims);
  if (!success || data.iss !== issuer || data.aud !== audience) return undefined;
  const expiresMs = expiryOf(data.exp);
  if (!(expiresMs > nowMs)) return undefined;
  const role = groupsIn(data['cognito:groups']).includes(OPERATORS) ? 'operator' : 'user';
  return { id: data.sub, name: data.email ?? data.sub, role, folder: data.sub };
}

/** API Gateway writes the time of expiry in seconds, or as a date. */
const expiryOf = (exp: string | number): number => (/^\d+$/.test(`${exp}`) ? Number(exp) * 1000 : Date.parse(`${exp}`));

const groupsIn = (groups: string | readonly string[] | undefined): readonly string[] =>
  typeof groups === 'string' ? groups.replace(/^\[|\]$/g, '').split(/[\s,]+/) : (groups ?? []);
