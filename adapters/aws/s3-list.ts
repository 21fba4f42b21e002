import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { checkPrefix, keyFault } from '../../core/object-key.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { awsFailure } from './aws-failure.ts';
import { wholeSeconds } from './s3-head.ts';

/** Lists the objects of a bucket whose key begins with a prefix, in key order. */
export function s3List(client: S3Client, Bucket: string): ObjectStore['list'] {
  return async function* list(prefix) {
    const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: checkPrefix(prefix) });
    try {
      for await (const page of pages) {
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          // S3's console makes "folders", which are empty objects with a slash at the end of the key.
          if (!keyFault(Key)) yield { key: Key, bytes: Size, modifiedMs: wholeSeconds(LastModified) };
        }
      }
    } catch (error) {
      throw awsFailure(error, `list ${prefix}`);
    }
  };
}
