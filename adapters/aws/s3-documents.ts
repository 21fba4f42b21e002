import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { crc64nvmeOf } from '../../core/crc64nvme.ts';
import { checkKey } from '../../core/object-key.ts';
import type { NewDocuments } from '../../core/ports/new-documents.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { asking, unless } from './aws-failure.ts';
import { s3List } from './s3-list.ts';
import { s3SmallObjects } from './s3-small-objects.ts';

/** Small objects below a prefix, which ends in a slash. */
export function s3Documents(
  client: S3Client,
  Bucket: string,
  prefix: string,
): Pick<ObjectStore, 'read' | 'write' | 'list' | 'remove'> & NewDocuments {
  const { read, write } = s3SmallObjects(client, Bucket);
  const list = s3List(client, Bucket);
  return {
    read: (key) => read(`${prefix}${key}`),
    write: (key, bytes, contentType) => write(`${prefix}${key}`, bytes, contentType),
    writeNew: (key, bytes, ContentType) =>
      asking(`write ${key}`, async () => {
        const [Key, Body] = [checkKey(`${prefix}${key}`), Buffer.from(bytes)];
        const headers = { ContentType, ContentLength: Body.length, ChecksumCRC64NVME: crc64nvmeOf(Body) };
        const put = () => client.send(new PutObjectCommand({ Bucket, Key, Body, ...headers, IfNoneMatch: '*' }));
        // S3 answers so while another request for the key is under way, whose end says who was first
        const first = await unless('ConditionalRequestConflict', unless('PreconditionFailed', put()).then(isDone));
        return first ?? (await unless('PreconditionFailed', put()).then(isDone));
      }),
    async *list(part) {
      for await (const info of list(`${prefix}${part}`)) yield { ...info, key: info.key.slice(prefix.length) };
    },
    remove: (key) =>
      asking(`remove ${key}`, async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key: checkKey(`${prefix}${key}`) }));
      }),
  };
}

const isDone = (answer: unknown): boolean => answer !== undefined;

/** Returns the object of exactly this key, for which nobody has to be allowed to read it. */
export function headByListing(client: S3Client, Bucket: string): Pick<ObjectStore, 'head'> {
  const list = s3List(client, Bucket);
  return {
    head: (key) =>
      asking(`look for ${key}`, async () => {
        for await (const info of list(checkKey(key))) return info.key === key ? info : undefined; // keys are in order
        return undefined;
      }),
  };
}
