import { SetupError } from '../setup-error.mjs';
import { digestOf, MANIFEST_TYPES, platformsOf } from './platforms.mjs';

/** An address that does not answer in this time is as good as none. */
const PATIENCE_MS = 30_000;

/**
 * What any registry but ECR has under a name, asked without credentials, as a task will ask it: the registry's HTTP API,
 * version 2. Undefined where it has nothing that anybody may read.
 * @param {import('./image-name.mjs').ImageName} name
 * @returns {Promise<import('./platforms.mjs').FoundImage | undefined>}
 */
export async function inRegistry(name) {
  const reading = openReading(name);
  const answer = await reading(`manifests/${name.digest ?? name.tag ?? 'latest'}`);
  if (answer === undefined) return undefined;
  const manifest = await answer.text();
  const digest = answer.headers.get('docker-content-digest') ?? digestOf(manifest);
  const readBlob = async (/** @type {string} */ blob) => (await reading(`blobs/${blob}`))?.text() ?? '{}';
  return { digest, platforms: await platformsOf(manifest, readBlob) };
}

/**
 * Reads of one repository; the token that the first is sent for serves them all.
 * @param {import('./image-name.mjs').ImageName} name
 */
function openReading({ registry, repository, text }) {
  /** @type {string | undefined} */
  let token;
  const ask = async (/** @type {string} */ url, /** @type {Record<string, string>} */ headers = {}) => {
    try {
      return await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (error) {
      const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error;
      throw new SetupError(`${registry} cannot be asked for ${text} (${why}): is this machine online?`, {
        exitCode: 75,
      });
    }
  };
  const get = (/** @type {string} */ path) =>
    ask(`${addressOf(registry)}/v2/${repository}/${path}`, {
      accept: MANIFEST_TYPES.join(', '),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    });

  return async (/** @type {string} */ path) => {
    let answer = await get(path);
    const challenge = answer.headers.get('www-authenticate');
    if (answer.status === 401 && token === undefined && challenge?.startsWith('Bearer ')) {
      token = await tokenFrom(challenge, ask);
      if (token !== undefined) answer = await get(path);
    }
    if (answer.ok) return answer;
    // Of what it does not have, Docker Hub says that nobody may read it.
    if ([401, 403, 404].includes(answer.status)) return undefined;
    const later = answer.status === 429 || answer.status >= 500;
    throw new SetupError(
      `${registry} answers ${answer.status} to the question for ${text}${later ? ': try again later' : ''}`,
      {
        exitCode: later ? 75 : 69,
      },
    );
  };
}

/**
 * @param {string} challenge  Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="..."
 * @param {(url: string) => Promise<Response>} ask
 * @returns {Promise<string | undefined>}
 */
async function tokenFrom(challenge, ask) {
  const given = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  if (!given.realm || !URL.canParse(given.realm)) return undefined;
  const url = new URL(given.realm);
  for (const key of ['service', 'scope']) if (given[key]) url.searchParams.set(key, given[key]);
  const answer = await ask(url.href);
  if (!answer.ok) return undefined;
  const { token, access_token: same } = /** @type {Record<string, string | undefined>} */ (await answer.json());
  return token ?? same;
}

/** @param {string} registry */
function addressOf(registry) {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  // As Docker has it: a registry on this machine needs no certificate.
  return `${/^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? 'http' : 'https'}://${registry}`;
}
