import { type KeyOrigin, ROUNDS, toBytes, toText } from './format.ts';

/** A key of a user's, which only wraps the keys of films; its bytes cannot be read by any script. */
export type UserKey = { readonly key: CryptoKey; readonly origin: KeyOrigin };

const PURPOSE = new TextEncoder().encode('reelmill-take-along-1');
const WRAPPING = { name: 'AES-KW', length: 256 } as const;

/** The key that a passphrase gives; without `origin`, with a salt of its own. */
export async function keyOfPassphrase(passphrase: string, origin?: KeyOrigin): Promise<UserKey> {
  const { salt, rounds } = origin?.kind === 'passphrase' ? origin : { salt: newSalt(), rounds: ROUNDS };
  const words = new TextEncoder().encode(passphrase.normalize('NFC'));
  const base = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: toBytes(salt), iterations: rounds };
  const key = await crypto.subtle.deriveKey(how, base, WRAPPING, false, ['wrapKey', 'unwrapKey']);
  return { key, origin: { kind: 'passphrase', salt, rounds } };
}

/** The key that the secret of an account gives: at least 16 random bytes, which the server hands out to this user alone. */
export async function keyOfAccount(secret: Uint8Array<ArrayBuffer>, origin?: KeyOrigin): Promise<UserKey> {
  const salt = origin?.kind === 'account' ? origin.salt : newSalt();
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: toBytes(salt), info: PURPOSE };
  const key = await crypto.subtle.deriveKey(how, base, WRAPPING, false, ['wrapKey', 'unwrapKey']);
  return { key, origin: { kind: 'account', salt } };
}

const newSalt = () => toText(crypto.getRandomValues(new Uint8Array(16)));
