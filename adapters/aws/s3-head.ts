import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { checkKey } from '../../core/object-key.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { unless } from './aws-failure.ts';

/** Returns an object's size and time; undefined if it does not exist. It also needs the permission to list the bucket. */
export async function s3Head(client: S3Client, Bucket: string, key: string): Promise<ObjectInfo | undefined> {
  const found = await unless('NotFound', client.send(new HeadObjectCommand({ Bucket, Key: checkKey(key) })));
  return found && { key, bytes: found.ContentLength ?? 0, modifiedMs: wholeSeconds(found.LastModified) };
}

/** A time in milliseconds, rounded down to whole seconds. HEAD gives whole seconds; a listing may be more precise. */
export const wholeSeconds = (time: Date | undefined): number => Math.floor((time?.getTime() ?? 0) / 1000) * 1000;
