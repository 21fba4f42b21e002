import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3List } from '../../../adapters/aws/s3-list.ts';
import { optionsFor } from '../../support/aws-servers.ts';

it('a listing is to be tried again, and no bug, where the bucket cannot answer', async () => {
  const server = createServer((_, response) => {
    response.writeHead(500, { 'content-type': 'application/xml' });
    response.end('<Error><Code>InternalError</Code><Message>storm</Message></Error>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new S3Client(bucketOptions(optionsFor({ endpoint })));
  try {
    const listed = s3List(client, 'media')('output/a/')[Symbol.asyncIterator]();
    const message = expect.stringMatching(/^list output\/a\/: /);
    await expect(listed.next()).rejects.toMatchObject({ code: 'busy', message });
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
});
