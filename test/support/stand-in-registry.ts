import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type StandInRegistry = {
  readonly url: string;
  /** The packages whose bytes were fetched. */
  readonly fetched: ReadonlySet<string>;
  /** The hash of the package in this folder of node_modules, as npm computes it. */
  integrityOf(folder: string): Promise<string>;
  close(): Promise<void>;
};

/**
 * A registry for npm that has the packages of this checkout's node_modules, packed as they lie there, so that an
 * installation needs no network. Any other package is not found.
 */
export async function standInRegistry(leaveOut: readonly string[] = []): Promise<StandInRegistry> {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, object> };
  const folders = Object.keys(packages).filter((folder) => folder !== '' && existsSync(folder));
  const fetched = new Set<string>();
  const packed = new Map<string, Promise<Buffer>>();
  const tarball = (folder: string) => {
    const there = packed.get(folder) ?? pack(folder, leaveOut);
    packed.set(folder, there);
    return there;
  };
  const document = async (name: string, places: readonly string[]) => {
    const versions = places.map(async (folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const dist = { tarball: `${url}/${folder}.tgz`, integrity: integrity(await tarball(folder)) };
      return [manifest.version, { ...manifest, dist }] as const;
    });
    const found = await Promise.all(versions);
    return JSON.stringify({ name, 'dist-tags': { latest: found[0]?.[0] }, versions: Object.fromEntries(found) });
  };
  const answer = async (path: string, response: ServerResponse) => {
    const folder = folders.find((each) => `${each}.tgz` === path);
    if (folder !== undefined) {
      fetched.add(nameOf(folder));
      return response.end(await tarball(folder));
    }
    const places = folders.filter((each) => nameOf(each) === path);
    if (places.length === 0) return response.writeHead(404).end('{"error":"not found"}');
    return response.setHeader('content-type', 'application/json').end(await document(path, places));
  };
  const server = createServer((request, response) => {
    void answer(decodeURIComponent((request.url ?? '/').slice(1)), response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url,
    fetched,
    integrityOf: async (folder) => integrity(await tarball(folder)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const nameOf = (folder: string) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

const integrity = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

async function pack(folder: string, leaveOut: readonly string[]): Promise<Buffer> {
  const args = [
    ...['--create', '--directory', folder, '--transform', 's,^\\.,package,', '--use-compress-program', 'gzip -n -1'],
    // the same package may lie in two folders, and must be the same bytes
    ...['--sort=name', '--mtime=@0', '--owner=0', '--group=0'],
    ...['./node_modules', ...leaveOut].map((pattern) => `--exclude=${pattern}`),
    '.',
  ];
  const { stdout } = await promisify(execFile)('tar', args, { encoding: 'buffer', maxBuffer: 1 << 29 });
  return stdout;
}
