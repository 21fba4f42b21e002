import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A webhook of our own, and what it was told. */
export type Slack = {
  readonly url: string;
  readonly told: readonly string[];
  close(): Promise<void>;
};

export async function openSlack(): Promise<Slack> {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    told.push(await text(request));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/services/T/B/x`,
    told,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
