import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { checkKey } from '../../core/object-key.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { asking } from './aws-failure.ts';
import { s3List } from './s3-list.ts';
import { s3SmallObjects } from './s3-small-objects.ts';

/** Small objects below a prefix, which ends in a slash. */
export function s3Documents(
  client: S3Client,
  Bucket: string,
  prefix: string,
): Pick<ObjectStore, 'read' | 'write' | 'list' | 'remove'> {
  const { read, write } = s3SmallObjects(client, Bucket);
  const list = s3List(client, Bucket);
  return {
    read: (key) => read(`${prefix}${key}`),
    write: (key, bytes, contentType) => write(`${prefix}${key}`, bytes, contentType),
    async *list(part) {
      for await (const info of list(`${prefix}${part}`)) yield { ...info, key: info.key.slice(prefix.length) };
    },
    remove: (key) =>
      asking(`remove ${key}`, async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key: checkKey(`${prefix}${key}`) }));
      }),
  };
}

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
