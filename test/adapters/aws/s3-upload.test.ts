import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../../adapters/aws/s3-object-store.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { smallFile } from '../../../core/small-file.ts';
import { sumsOfFile } from '../../../media/probe/hash-file.ts';
import { optionsFor } from '../../support/aws-servers.ts';
import { type S3WithSums, s3WithSums } from '../../support/s3-with-sums.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MIB = 2 ** 20;
const { signal } = new AbortController();

describe('the sums that S3 stores', () => {
  let server: S3WithSums;
  let client: S3Client;
  let store: ObjectStore;
  let scratch: string;
  beforeAll(async () => {
    server = await s3WithSums();
    client = new S3Client(bucketOptions(optionsFor(server)));
    scratch = await temporaryFolder();
    await client.send(new CreateBucketCommand({ Bucket: 'archive' }));
    store = s3ObjectStore({ client, bucket: 'archive', scratch, partBytes: 5 * MIB, largestCopyBytes: 5 * MIB });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  const stored = async (Key: string) => {
    const found = await client.send(new HeadObjectCommand({ Bucket: 'archive', Key, ChecksumMode: 'ENABLED' }));
    return { sum: found.ChecksumCRC64NVME, type: found.ChecksumType };
  };
  const fileOf = async (bytes: number) => {
    const content = randomBytes(bytes);
    const path = join(scratch, randomBytes(6).toString('hex'));
    await writeFile(path, content);
    return { path, content, sums: await sumsOfFile(path, signal) };
  };
  const contentType = 'video/mp4';

  it.each([
    ['no byte', 0],
    ['one request', 1000],
    ['three parts', 12 * MIB + 1],
  ])('are those of the verified file, of %s', async (name, bytes) => {
    const { path, content, sums } = await fileOf(bytes);
    expect(sums).toMatchObject({ bytes, sha256: createHash('sha256').update(content).digest('hex') });
    await store.put(`output/${name}.mp4`, path, { contentType, signal, crc64nvme: sums.crc64nvme });
    expect(await stored(`output/${name}.mp4`)).toEqual({ sum: sums.crc64nvme, type: 'FULL_OBJECT' });
  });

  it.each([
    ['one request', 1000],
    ['three parts', 12 * MIB + 1],
  ])('refuse a file that changed after it was verified, of %s', async (name, bytes) => {
    const { path, content, sums } = await fileOf(bytes);
    content[bytes >> 1] = (content[bytes >> 1] ?? 0) ^ 1;
    await writeFile(path, content);
    const key = `output/changed-${name}.mp4`;
    await expect(store.put(key, path, { contentType, signal, crc64nvme: sums.crc64nvme })).rejects.toMatchObject({
      code: 'busy',
    });
    expect(await store.head(key)).toBeUndefined();
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'archive' }));
    expect(Uploads).toEqual([]);
  });

  it('are those of the manifest where content is written from memory', async () => {
    const { path, content, crc64nvme } = smallFile('output/master.m3u8', '#EXTM3U\n');
    await store.write(path, content, 'application/vnd.apple.mpegurl');
    expect(await stored(path)).toEqual({ sum: crc64nvme, type: 'FULL_OBJECT' });
  });
});
