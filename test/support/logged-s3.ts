import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AwsServer } from './aws-servers.ts';

/** An object that was asked for, by its path in the server, and the bytes of it that were asked for. */
export type AskedRange = { readonly path: string; readonly start: number; readonly end: number };

export type LoggedS3 = AwsServer & {
  /** What was asked of objects by GET since it was last emptied; a request for the whole ends at infinity. */
  readonly asked: AskedRange[];
  /** Whether it answers with the whole object where a range is asked for, as servers do that know no ranges. */
  setRefusing(isRefusing: boolean): void;
  /** Is called before the next GET of an object is passed on, once. */
  beforeNext(act: () => Promise<unknown>): void;
};

/** Stands before a server of S3, with a log of the ranges that are read. */
export async function loggedS3(target: AwsServer): Promise<LoggedS3> {
  const asked: AskedRange[] = [];
  let isRefusing = false;
  let before: (() => Promise<unknown>) | undefined;
  const { host } = new URL(target.endpoint);

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '/', headers } = incoming;
    if (method === 'GET' && !url.includes('?list-type')) {
      const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
      const path = decodeURIComponent(new URL(url, target.endpoint).pathname);
      asked.push({ path, start: Number(start ?? 0), end: last === undefined ? Infinity : Number(last) + 1 });
      const act = before;
      before = undefined;
      await act?.();
    }
    const { range, ...rest } = headers;
    const passed = isRefusing || range === undefined ? rest : headers;
    const outgoing = request(`${target.endpoint}${url}`, { method, headers: { ...passed, host } });
    incoming.pipe(outgoing);
    const [answer]: [IncomingMessage] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
    response.once('close', () => answer.destroy());
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    setRefusing: (value) => {
      isRefusing = value;
    },
    beforeNext: (act) => {
      before = act;
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await target.close();
    },
  };
}
