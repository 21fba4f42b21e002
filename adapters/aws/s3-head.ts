import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { checkKey } from '../../core/object-key.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { unless } from './aws-failure.ts';

/** What a bucket says of an object; undefined if there is none. Needs the permission to list, too. */
export async function s3Head(client: S3Client, Bucket: string, key: string): Promise<ObjectInfo | undefined> {
  const found = await unless('NotFound', client.send(new HeadObjectCommand({ Bucket, Key: checkKey(key) })));
  return found && { key, bytes: found.ContentLength ?? 0, modifiedMs: wholeSeconds(found.LastModified) };
}

/** In milliseconds. A HEAD tells whole seconds; a listing may tell more. */
export const wholeSeconds = (time: Date | undefined): number => Math.floor((time?.getTime() ?? 0) / 1000) * 1000;
