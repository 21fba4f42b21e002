import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signedLink } from '../../../core/storage/signed-link.ts';
import { capture } from '../../../scripts/child.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const EXPIRES = 1_795_880_000;
const KEYS = {
  rsa: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }),
  ec: generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }),
};

/** The parts of a query, and its base64 as it was before it was made fit for a query. */
const partsOf = (query: string) => Object.fromEntries(new URLSearchParams(query));
const bytesOf = (text = '') =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');

/** Whether openssl takes the signature for that of the text. */
async function isSigned(text: string, signature: Buffer, publicKey: string): Promise<boolean> {
  const folder = await temporaryFolder();
  const [key, sig, policy] = ['key.pem', 'signature', 'policy'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(key, publicKey);
  await writeFile(sig, signature);
  await writeFile(policy, text);
  return (await capture('openssl', ['dgst', '-sha1', '-verify', key, '-signature', sig, policy])).code === 0;
}

describe.each(Object.entries(KEYS))('a link signed with a key of kind %s', (_, { privateKey, publicKey }) => {
  const key = { domain: 'd111111abcdef8.cloudfront.net', keyId: 'K2JCJMDEHXQW5F', privateKey };

  it('opens one file until its end, by the policy that CloudFront makes of it', async () => {
    const { url, query } = signedLink(key, 'ladder/film.mov/hd.mp4', EXPIRES);
    const base = 'https://d111111abcdef8.cloudfront.net/ladder/film.mov/hd.mp4';
    expect(url).toBe(`${base}?${query}`);
    const { Expires, Signature, 'Key-Pair-Id': id, ...more } = partsOf(query);
    expect({ Expires, id, more }).toEqual({ Expires: `${EXPIRES}`, id: 'K2JCJMDEHXQW5F', more: {} });
    // as the developer guide writes a canned policy: without any white space
    const policy = `{"Statement":[{"Resource":"${base}","Condition":{"DateLessThan":{"AWS:EpochTime":${EXPIRES}}}}]}`;
    expect(await isSigned(policy, bytesOf(Signature), publicKey)).toBe(true);
    expect(await isSigned(policy.replace('hd.mp4', 'sd.mp4'), bytesOf(Signature), publicKey)).toBe(false);
  });

  it('opens all files of a folder, by a policy that travels with it', async () => {
    const { url, query } = signedLink(key, 'ladder/film.mov/', EXPIRES);
    expect(url).toBe('https://d111111abcdef8.cloudfront.net/ladder/film.mov/');
    const { Policy, Signature } = partsOf(query);
    const policy = bytesOf(Policy).toString();
    expect(JSON.parse(policy).Statement[0]).toEqual({
      Resource: 'https://d111111abcdef8.cloudfront.net/ladder/film.mov/*',
      Condition: { DateLessThan: { 'AWS:EpochTime': EXPIRES } },
    });
    expect(await isSigned(policy, bytesOf(Signature), publicKey)).toBe(true);
  });
});

it.each([
  { path: 'ladder/a b#c?d&e.mov/hd.mp4', encoded: 'ladder/a%20b%23c%3Fd%26e.mov/hd.mp4' },
  { path: 'ladder/*.mov/hd.mp4', encoded: 'ladder/%2A.mov/hd.mp4' },
  { path: 'ladder/Größe (1)%.mov/hd.mp4', encoded: 'ladder/Gr%C3%B6%C3%9Fe%20%281%29%25.mov/hd.mp4' },
])('no name becomes a wildcard or another address: $path', ({ path, encoded }) => {
  const key = { domain: 'd.cloudfront.net', keyId: 'K', privateKey: KEYS.rsa.privateKey };
  const { url, query } = signedLink(key, path, EXPIRES);
  expect(url).toBe(`https://d.cloudfront.net/${encoded}?${query}`);
  expect(query).toMatch(/^[\w=&~-]+$/);
});
