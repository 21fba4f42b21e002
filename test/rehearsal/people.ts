import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { JsonWebKeySet } from './jwt-authorizer.ts';

/** A user pool of our own: its public keys, and tokens as Cognito issues them. */
export type People = {
  readonly keys: JsonWebKeySet;
  /** An ID token, with other claims or another header where they are given. */
  tokenOf(person: Person, changed?: Changed): string;
  /** The same claims without a signature, as a token says that needs none. */
  unsigned(person: Person): string;
  /** Signed by the text of the public key as if it were a shared secret. */
  signedByThePublicKey(person: Person): string;
};

export type Person = 'ann' | 'bob' | 'olga';
type Changed = {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly kid?: string;
  /** Signs with the key of another pool, under the name of ours. */
  readonly byAnotherKey?: boolean;
};

const KID = 'rehearsal-1';
const HOUR = 3600;

export function openPeople({ issuer, audience }: { readonly issuer: string; readonly audience: string }): People {
  const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const claimsOf = (person: Person) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{ sub: `user-${person}`, email: `${person}@example.org`, email_verified: true, token_use: 'id' },
      ...(person === 'olga' && { 'cognito:groups': ['operators'] }),
      ...{ iss: issuer, aud: audience, iat: now, auth_time: now, exp: now + HOUR },
    };
  };
  return {
    keys: { keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] },
    tokenOf(person, { claims = {}, kid = KID, byAnotherKey = false } = {}) {
      const signed = `${encoded({ alg: 'RS256', kid })}.${encoded({ ...claimsOf(person), ...claims })}`;
      const { privateKey } = byAnotherKey ? others : ours;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    unsigned: (person) => `${encoded({ alg: 'none', kid: KID })}.${encoded(claimsOf(person))}.`,
    signedByThePublicKey(person) {
      const signed = `${encoded({ alg: 'HS256', kid: KID })}.${encoded(claimsOf(person))}`;
      const secret = ours.publicKey.export({ type: 'spki', format: 'pem' });
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
  };
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
