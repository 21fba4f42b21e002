import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3PartStore } from '../../../adapters/aws/s3-part-store.ts';
import type { PartAddress } from '../../../core/ports/part-store.ts';
import { checksumOf, partStoreContract } from '../../contracts/part-store.ts';
import { fauxqsServer, optionsFor } from '../../support/aws-servers.ts';
import { multipartS3 } from '../../support/multipart-s3.ts';

const Bucket = 'media';

async function open() {
  const behind = await fauxqsServer();
  const server = await multipartS3(behind);
  const client = new S3Client(bucketOptions(optionsFor(server)));
  await client.send(new CreateBucketCommand({ Bucket }));
  const put = async ({ url, headers }: PartAddress, body: Uint8Array) =>
    (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) })).status;
  const read = async (Key: string) => {
    const found = await client.send(new GetObjectCommand({ Bucket, Key })).catch(() => undefined);
    return found?.Body?.transformToByteArray();
  };
  const close = async () => {
    client.destroy();
    await server.close();
    await behind.close();
  };
  return { store: s3PartStore(client, Bucket), put, read, close, client };
}

partStoreContract('S3', open);

describe('s3PartStore', () => {
  const bytes = Buffer.from('hello');
  const asked = { number: 1, bytes: 5, checksum: checksumOf(bytes) };
  const plan = { bytes: 5, partBytes: 8, parts: 1 };
  const film = {
    id: 'x',
    key: 'input/preserve/u/clip.mov',
    plan,
    modifiedMs: undefined,
    settings: { evenIfLarger: true },
  };

  it('binds an address to its length and checksum by what is signed', async () => {
    const { store, close } = await open();
    const upload = { ...film, reference: await store.begin(film) };
    const { url, headers } = await store.sign(upload, asked, Date.now() + 60_000);
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
    expect(headers).toEqual({ 'x-amz-checksum-sha256': asked.checksum });
    expect(Number(query.get('X-Amz-Expires'))).toBeLessThanOrEqual(60);
    await close();
  });

  it("signs by S3's clock where that of this machine is off", async () => {
    const { store, client, close } = await open();
    const upload = { ...film, reference: await store.begin(film) };
    client.config.systemClockOffset = -5 * 3_600_000; // as the SDK learns it from an answer of S3
    const { url } = await store.sign(upload, asked, Date.now() + 60_000);
    const query = new URL(url).searchParams;
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
    const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    expect((Date.now() - signedMs) / 3_600_000).toBeCloseTo(5, 1);
    expect(Number(query.get('X-Amz-Expires'))).toBeGreaterThan(0);
    await close();
  });

  it('drops the file with its settings, and never replaces one that is there', async () => {
    const { store, put, client, close } = await open();
    for (const isFirst of [true, false]) {
      const upload = { ...film, reference: await store.begin(film) };
      expect(await put(await store.sign(upload, asked, Date.now() + 60_000), bytes)).toBe(200);
      if (isFirst) await store.complete(upload, []);
      else
        await expect(store.complete(upload, [])).rejects.toMatchObject({
          code: 'bad-input',
          message: '"input/preserve/u/clip.mov" is there already; give the file another name',
        });
    }
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: film.key }));
    expect(Metadata).toEqual({ 'reelmill-eveniflarger': 'true' });
    await close();
  });
});
