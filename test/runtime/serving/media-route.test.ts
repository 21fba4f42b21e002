import { once } from 'node:events';
import { copyFile, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveMedia, WITHOUT_LIMITS } from '../../../app/serve/serve-media.ts';
import { localMediaPorts } from '../../../runtime/local-media.ts';
import { mediaRoute } from '../../../runtime/serving/media-route.ts';
import { progressive } from '../../fixtures/progressive.ts';
import { piecesTogether, planOf } from '../../support/fragmented.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LARGE = 40 * 2 ** 20;

describe('the route of media on a server', () => {
  let root: string;
  let server: Server;
  let url: string;
  let whole: Buffer;
  const opened = { files: 0 };

  beforeAll(async () => {
    root = await temporaryFolder();
    await copyFile(await progressive('b.mp4'), join(root, 'a film.mp4'));
    const source = await readFile(join(root, 'a film.mp4'));
    whole = piecesTogether(source, planOf(source));
    await writeFile(join(root, 'large.bin'), '');
    await truncate(join(root, 'large.bin'), LARGE);
    const { objects, ...ports } = localMediaPorts(root, () => {});
    const counted: typeof objects = {
      async open(...how) {
        const object = await objects.open(...how);
        if (!object) return undefined;
        opened.files += 1;
        return {
          ...object,
          close: async () => {
            opened.files -= 1;
            await object.close();
          },
        };
      },
    };
    const route = mediaRoute('/media/', (asked) =>
      serveMedia(asked, { ...ports, objects: counted, limits: WITHOUT_LIMITS }),
    );
    server = createServer(async (incoming, response) => {
      if (!(await route(incoming, response))) response.writeHead(404).end('another route');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  const closed = async () => {
    while (opened.files > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  it('gives the whole and any ranges, several at once, and closes every file', async () => {
    const ranges = Array.from({ length: 20 }, (_, i) => [(i * 7919) % whole.length, 3000 + i * 500] as const);
    const parts = await Promise.all(
      ranges.map(async ([start, length]) => {
        const answer = await fetch(`${url}/media/a%20film.mp4?frag=1`, {
          headers: { range: `bytes=${start}-${start + length - 1}` },
        });
        expect(answer.status).toBe(206);
        return Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(start, start + length));
      }),
    );
    expect(parts).toEqual(ranges.map(() => true));
    const all = await fetch(`${url}/media/a%20film.mp4?frag=1`);
    expect(Buffer.from(await all.arrayBuffer()).equals(whole)).toBe(true);
    await closed();
  });

  it.each([
    { method: 'HEAD', headers: {}, status: 200 },
    { method: 'GET', headers: { 'if-none-match': '*' }, status: 304 },
    { method: 'GET', headers: { 'if-match': '"x"' }, status: 412 },
    { method: 'GET', headers: { range: 'bytes=99999999-' }, status: 416 },
    { method: 'POST', headers: {}, status: 405 },
  ])('closes the file behind $status, too', async ({ status, ...how }) => {
    expect((await fetch(`${url}/media/a%20film.mp4?frag=1`, how)).status).toBe(status);
    await closed();
  });

  it('leaves other paths to other routes', async () => {
    expect(await (await fetch(`${url}/mediathek`)).text()).toBe('another route');
  });

  it('stops reading when the client goes away', async () => {
    const gone = new AbortController();
    const answer = await fetch(`${url}/media/large.bin`, { signal: gone.signal });
    await answer.body?.getReader().read();
    gone.abort();
    await closed();
  });

  it('cuts the connection when the file is written to in the middle of an answer', async () => {
    const answer = await fetch(`${url}/media/large.bin`);
    const reader = answer.body?.getReader();
    await reader?.read();
    const file = await open(join(root, 'large.bin'), 'r+');
    await file.write('changed', 0);
    await file.close();
    const rest = async () => {
      for (;;) if ((await reader?.read())?.done !== false) return 'whole';
    };
    await expect(rest()).rejects.toThrow();
    await closed();
  });
});
