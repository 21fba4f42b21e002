import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { sendDrops } from '../../../adapters/aws/drops-queue.ts';
import { optionsFor } from '../../support/aws-servers.ts';

type Entry = { readonly Id: string; readonly MessageBody: string };

/** SQS may take some messages of a request and refuse the others, which no server at hand does. */
describe('a queue that takes some of the drops', () => {
  const films = ['a.mov', 'b.mov', 'c.mov'].map((name) => ({ source: `input/preserve/${name}`, to: 'preserve' }));
  let refuses: (key: string, request: number) => boolean;
  let taken: string[];
  let requests: number;
  let sqs: SQSClient;

  const server = createServer(async (incoming, response) => {
    const { Entries } = JSON.parse(await text(incoming)) as { Entries: Entry[] };
    requests += 1;
    const keyOf = ({ MessageBody }: Entry) => JSON.parse(MessageBody).Records[0].s3.object.key as string;
    const Failed = Entries.filter((each) => refuses(keyOf(each), requests));
    const Successful = Entries.filter((each) => !Failed.includes(each));
    taken.push(...Successful.map(keyOf));
    response.setHeader('content-type', 'application/x-amz-json-1.0').end(
      JSON.stringify({
        Successful: Successful.map(({ Id }) => ({ Id, MessageId: Id })),
        Failed: Failed.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError', Message: 'try again' })),
      }),
    );
  });

  beforeEach(async () => {
    [taken, requests] = [[], 0];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = clientOptions(optionsFor({ endpoint }));
    sqs = new SQSClient({ ...options, md5: false, useQueueUrlAsEndpoint: false });
  });
  afterEach(async () => {
    sqs.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is sent the others again, and none twice', async () => {
    refuses = (key, request) => request === 1 && key.endsWith('b.mov');
    await sendDrops(sqs, 'http://queue/drops', films, 'Backfill');
    expect(taken).toEqual(['a.mov', 'c.mov', 'b.mov'].map((name) => `input/preserve/${name}`));
    expect(requests).toBe(2);
  });

  it('is told of in one sentence where it goes on refusing them', async () => {
    refuses = (key) => key.endsWith('b.mov');
    await expect(sendDrops(sqs, 'http://queue/drops', films, 'Backfill')).rejects.toMatchObject({
      code: 'busy',
      message: 'the queue of drops did not take 1 of 3 drops (try again); do it again',
    });
  });
});
