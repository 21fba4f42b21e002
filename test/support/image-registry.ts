import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type ImageRegistry = {
  /** Host and port, as it stands before an image's name. */
  readonly host: string;
  /** Puts a list of images there, one a platform, with an attestation as buildx adds it. Gives the digest. */
  putList(name: string, platforms: readonly string[]): string;
  /** Puts an image for one platform there, which only its configuration tells. Gives the digest. */
  putSingle(name: string, platform: string): string;
  /** From now on each question for a manifest is answered so. */
  answerWith(status: number): void;
  /** Method and path of what was asked. */
  readonly asked: readonly string[];
  close(): Promise<void>;
};

type Stored = { readonly type: string; readonly body: string };

/** The registry API, version 2, as Docker Hub speaks it: whoever has no token is sent for one, and what is not there needs a password. */
export async function imageRegistry(): Promise<ImageRegistry> {
  const stored = new Map<string, Stored>();
  const asked: string[] = [];
  let status = 200;

  const put = (path: string, type: string, body: string) => {
    const digest = digestOf(body);
    stored.set(path, { type, body });
    return digest;
  };
  const putManifest = (name: string, type: string, manifest: object) => {
    const body = JSON.stringify(manifest);
    const [repository, tag] = name.split(':');
    put(`${repository}/manifests/${tag}`, type, body);
    return put(`${repository}/manifests/${digestOf(body)}`, type, body);
  };

  function answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): ServerResponse {
    asked.push(`${method} ${url}`);
    const { pathname, searchParams } = new URL(url, `http://${headers.host}`);
    if (pathname === '/token') return json(response, 200, { token: `for ${searchParams.get('scope')}` });
    const path = pathname.replace(/^\/v2\//, '');
    const repository = path.replace(/\/(manifests|blobs)\/.*$/, '');
    const scope = `repository:${repository}:pull`;
    const found = stored.get(path);
    if (headers.authorization !== `Bearer for ${scope}` || !found) {
      const realm = `http://${headers.host}/token`;
      response.setHeader('www-authenticate', `Bearer realm="${realm}",service="registry.docker.io",scope="${scope}"`);
      return json(response, 401, UNAUTHORIZED);
    }
    if (status !== 200)
      return json(response, status, {
        errors: [{ code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.' }],
      });
    response.writeHead(200, { 'content-type': found.type, 'docker-content-digest': digestOf(found.body) });
    return response.end(found.body);
  }

  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    putList: (name, platforms) => putManifest(name, LIST, indexOf(platforms)),
    putSingle(name, platform) {
      const [os, architecture] = platform.split('/');
      const config = JSON.stringify({ os, architecture, rootfs: { type: 'layers', diff_ids: [] } });
      const digest = put(`${name.split(':')[0]}/blobs/${digestOf(config)}`, 'application/octet-stream', config);
      return putManifest(name, SINGLE, {
        schemaVersion: 2,
        mediaType: SINGLE,
        config: { mediaType: CONFIG, digest, size: config.length },
        layers: [],
      });
    },
    answerWith: (given) => {
      status = given;
    },
    asked,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const LIST = 'application/vnd.oci.image.index.v1+json';
const SINGLE = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
/** What Docker Hub says of a repository that is not there, or not for everybody. */
const UNAUTHORIZED = {
  errors: [{ code: 'UNAUTHORIZED', message: 'authentication required', detail: [{ Action: 'pull' }] }],
};

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The list of images that buildx pushes: one for each platform, and what attests to it, which is for none. */
export function indexOf(platforms: readonly string[]) {
  const entry = (platform: string, at: number) => {
    const [os, architecture] = platform.split('/');
    return {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(`${platform}${at}`),
      size: 1,
      platform: { os, architecture },
    };
  };
  return { schemaVersion: 2, mediaType: LIST, manifests: [...platforms.map(entry), entry('unknown/unknown', 9)] };
}

function json(response: ServerResponse, status: number, body: object): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(body));
}
