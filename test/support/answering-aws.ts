import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { KEYS } from './stage-script.ts';

/** Lets clients of AWS in this test file ask a server that answers so. It is there from before the first test until after the last one. */
export function answeringAws(listener: RequestListener): void {
  const server = createServer(listener);
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    Object.assign(process.env, KEYS);
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
}
