import { readFile } from 'node:fs/promises';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { isStillThere, sourceInbox, sourceStore } from '../../../adapters/aws/other-buckets.ts';
import { S3_DEFAULTS } from '../../../adapters/aws/s3-settings.ts';
import { s3SourceKeeper } from '../../../adapters/aws/s3-source-keeper.ts';
import type { ObjectInfo } from '../../../core/ports/object-store.ts';
import { inboxContract } from '../../contracts/inbox.ts';
import { optionsFor } from '../../support/aws-servers.ts';
import { faultyProxy } from '../../support/faulty-proxy.ts';
import { type S3WithSums, s3WithSums, sumOf } from '../../support/s3-with-sums.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();
const FILM = 's3://my-archive/2019/a film + Ü%.mov';

let server: S3WithSums;
let client: S3Client;
beforeAll(async () => {
  server = await s3WithSums();
  client = new S3Client(bucketOptions(optionsFor(server)));
  for (const Bucket of ['media', 'my-archive']) await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const put = (Key: string, Body: string | Uint8Array, Bucket = 'my-archive') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));

// the contract's keys, each in another bucket
inboxContract('another bucket', async () => {
  const inbox = sourceInbox(client, 'media');
  const there = (key: string) => `s3://my-archive/${key}`;
  return {
    inbox: {
      ...inbox,
      inspect: (key) => inbox.inspect(there(key)),
      measure: (key) => inbox.measure(there(key)),
      async *list(prefix) {
        for await (const info of inbox.list(there(prefix))) yield { ...info, key: info.key.slice(there('').length) };
      },
    },
    async drop(Key, Body, settings = {}) {
      const asked = Object.entries(settings).map(([setting, value]) => [`reelmill-${setting}`, `${value}`]);
      await client.send(new PutObjectCommand({ Bucket: 'my-archive', Key, Body, Metadata: Object.fromEntries(asked) }));
    },
    close: async () => undefined,
  };
});

describe('a store of sources', () => {
  const open = async () => {
    const settings = { ...S3_DEFAULTS, client, bucket: 'media', scratch: await temporaryFolder() };
    return { store: sourceStore(settings), keeper: s3SourceKeeper(settings) };
  };
  beforeAll(() => put('2019/a film + Ü%.mov', 'the film'));

  it('reads the objects of other buckets by their addresses', async () => {
    const { store } = await open();
    expect(await store.head(FILM)).toMatchObject({ bytes: 8 });
    expect(store.locate(FILM)).toBe(FILM);
    const found: ObjectInfo[] = [];
    for await (const info of store.list('s3://my-archive/2019/')) found.push(info);
    expect(found).toMatchObject([{ key: FILM, bytes: 8 }]);
    const file = await store.fetch(FILM, signal);
    expect(await readFile(file.path, 'utf8')).toBe('the film');
    await file.release();
  });

  it('reads one version of a source, and says so if it is replaced between two ranges', async () => {
    const { store } = await open();
    await put('changing.mov', 'the first one');
    const { version, release } = await store.fetch('s3://my-archive/changing.mov', signal);
    await release();
    const parts = await store.fetchParts('s3://my-archive/changing.mov', version, signal);
    await parts?.fill([{ start: 0, end: 4 }]);
    await put('changing.mov', 'another thing');
    await expect(parts?.fill([{ start: 4, end: 9 }])).rejects.toMatchObject({ code: 'reclaimed' });
    await parts?.release();
    expect(await store.fetchParts('s3://my-archive/changing.mov', version, signal)).toBeUndefined();
  });

  it('writes and removes nothing in another bucket', async () => {
    const { store } = await open();
    const attempts = [
      store.write(FILM, 'x', 'text/plain'),
      store.remove(FILM),
      store.copy('input/a.mov', FILM),
      store.put(FILM, 'package.json', { contentType: 'text/plain', signal }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'bad-input' });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'my-archive', Prefix: '2019/' }));
    expect(Contents).toMatchObject([{ Key: '2019/a film + Ü%.mov', Size: 8 }]);
  });

  it('says what is to be done where S3 lets it read nothing', async () => {
    const { store } = await open();
    const told = { code: 'no-input', message: expect.stringContaining('stand in its setting sourceBuckets') };
    const listing = store.list('s3://no-such-bucket/a')[Symbol.asyncIterator]();
    await expect(listing.next()).rejects.toMatchObject(told);
  });

  it.each([
    { code: 'AccessDenied', status: 403, says: 'S3 refuses to give input/preserve/own.mov (AccessDenied)' },
    { code: 'KMS.DisabledException', status: 400, says: 'a key of yours' },
    { code: 'InvalidObjectState', status: 403, says: 'lies in an archive class by now' },
  ])('says what is to be done where S3 does not give a source of its own: $code', async ({ code, status, says }) => {
    const proxy = await faultyProxy({ endpoint: server.endpoint, close: async () => {} });
    const there = new S3Client(bucketOptions(optionsFor(proxy)));
    await put('input/preserve/own.mov', 'the film', 'media');
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
    proxy.setFault(({ method }) =>
      method === 'GET' ? { what: 'answer', status, type: 'application/xml', body } : undefined,
    );
    const store = sourceStore({ ...S3_DEFAULTS, client: there, bucket: 'media', scratch: await temporaryFolder() });
    const told = { code: 'no-input', message: expect.stringContaining(says) };
    await expect(store.fetch('input/preserve/own.mov', signal)).rejects.toMatchObject(told);
    there.destroy();
    await proxy.close();
  });

  it('has S3 copy such a source itself where it is to be kept', async () => {
    const { store, keeper } = await open();
    const sums = { bytes: 8, sha256: '', crc64nvme: await sumOf(Buffer.from('the film')) };
    const key = 'output/preserve/a/source/a.mov';
    expect(await keeper.keep({ source: FILM, key, sums, storageClass: 'STANDARD' }, signal)).toBeDefined();
    expect(Buffer.from((await store.read(key)) ?? []).toString()).toBe('the film');
  });

  it.each([
    { location: FILM, isThere: true },
    { location: 's3://my-archive/moved.mov', isThere: false },
    { location: 's3://media/output/preserve/nothing.mov', isThere: false },
    { location: '/a/folder/of/another/machine.mov', isThere: false },
  ])('knows whether a source is where it was: $location', async ({ location, isThere }) => {
    const { store } = await open();
    expect(await isStillThere(store, 'media', location)).toBe(isThere);
  });
});
