import { sign } from 'node:crypto';

/** What signs links to published files: CloudFront knows the public half of the key by its id. */
export type LinkKey = { readonly domain: string; readonly keyId: string; readonly privateKey: string };

type SignedLink = {
  /** The signed address of a file. A folder's address opens nothing by itself. */
  readonly url: string;
  /** What opens every file of a folder, put behind its address; it is in the address of a file already. */
  readonly query: string;
};

/**
 * Signs a link to a published file, or to all files of a folder where the path ends in a slash. After `expires`, in seconds
 * since 1970, CloudFront refuses it. CloudFront takes SHA-1 in these signatures; the key makes them safe, not the hash.
 */
export function signedLink({ domain, keyId, privateKey }: LinkKey, path: string, expires: number): SignedLink {
  const url = `https://${domain}/${path.split('/').map(encoded).join('/')}`;
  const isFolder = path.endsWith('/');
  const policy = policyOf(isFolder ? `${url}*` : url, expires);
  const signature = urlSafe(sign('sha1', Buffer.from(policy), privateKey));
  // For one file CloudFront knows the policy from its end.
  const told = isFolder ? `Policy=${urlSafe(Buffer.from(policy))}` : `Expires=${expires}`;
  const query = `${told}&Signature=${signature}&Key-Pair-Id=${keyId}`;
  return { url: isFolder ? url : `${url}?${query}`, query };
}

const policyOf = (Resource: string, expires: number): string =>
  JSON.stringify({ Statement: [{ Resource, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } }] });

/** `*` and `?` are wildcards in a policy, and encodeURIComponent leaves the first of them as it is. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Base64 as CloudFront takes it in a query. */
const urlSafe = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
