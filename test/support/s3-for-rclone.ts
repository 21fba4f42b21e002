import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type AwsServer, fauxqsServer } from './aws-servers.ts';

type S3ForRclone = {
  /** Is told of each request, which is passed on when what it answers with resolves. */
  onRequest(listener: (line: string) => Promise<void> | void): void;
};

/**
 * An S3 server that rclone can send parts to. rclone writes the quotes of an ETag as `&#34;`, and number and ETag of a part in
 * any order; both are right in XML, and the server behind this one reads `&quot;` and one order for all parts alone.
 */
export async function s3ForRclone(): Promise<AwsServer & S3ForRclone> {
  const server = await fauxqsServer();
  let heard: (line: string) => Promise<void> | void = () => {};
  const proxy = createServer(async (incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const completes = method === 'POST' && url.includes('uploadId=');
    const body = await buffer(incoming).catch(() => undefined);
    if (!body) return void response.destroy(); // its sender was killed
    await heard(`${method} ${url}`);
    const sent = completes ? Buffer.from(plainParts(body.toString('utf8'))) : body;
    const onward = request(
      new URL(url, server.endpoint),
      { method, headers: { ...headers, 'content-length': `${sent.length}` } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.once('error', () => response.destroy());
    onward.end(sent);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    onRequest(listener) {
      heard = listener;
    },
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await server.close();
    },
  };
}

function plainParts(xml: string): string {
  const parts = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => {
    const [, number] = /<PartNumber>(\d+)</.exec(part) ?? [];
    const [, etag] = /<ETag>(?:&#34;|&quot;)?(\w+)(?:&#34;|&quot;)?</.exec(part) ?? [];
    return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`;
  });
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
}
