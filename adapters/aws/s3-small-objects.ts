import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { crc64nvmeOf } from '../../core/crc64nvme.ts';
import { checkKey } from '../../core/object-key.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { asking, unless } from './aws-failure.ts';

/** Plans, ledgers and logs are compressed. Files in `output/`, which people fetch, and the workflow's input are not. */
const COMPRESSED = /^(?:work|cache|logs|tasks|reports)\/(?!.*\/fan-out\.json$).*\.(?:jsonl?|log|txt|csv|html)$/;

/** Reads and writes small objects in a bucket. */
export function s3SmallObjects(client: S3Client, Bucket: string): SmallObjects {
  return {
    read: (key) =>
      asking(`read ${key}`, async () => {
        const command = new GetObjectCommand({ Bucket, Key: checkKey(key) });
        const found = await unless('NoSuchKey', client.send(command));
        const bytes = await found?.Body?.transformToByteArray();
        return bytes && isGzip(bytes) ? gunzipSync(bytes) : bytes;
      }),

    write: (key, bytes, ContentType) =>
      asking(`write ${key}`, async () => {
        const isCompressed = COMPRESSED.test(checkKey(key));
        const Body = isCompressed ? gzipSync(bytes) : Buffer.from(bytes);
        const headers = {
          ContentType,
          ContentLength: Body.length,
          ChecksumCRC64NVME: crc64nvmeOf(Body),
          ...(isCompressed && { ContentEncoding: 'gzip' }),
        };
        await client.send(new PutObjectCommand({ Bucket, Key: key, Body, ...headers }));
      }),
  };
}

/** Whether bytes are gzip (RFC 1952, 2.3.1). Some S3 servers do not return Content-Encoding, and some clients decompress. */
const isGzip = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b;
