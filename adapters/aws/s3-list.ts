import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { checkPrefix, keyFault } from '../../core/object-key.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { wholeSeconds } from './s3-head.ts';

/** The objects of a bucket whose key begins with a prefix, in key order. */
export function s3List(client: S3Client, Bucket: string): ObjectStore['list'] {
  return async function* list(prefix) {
    const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: checkPrefix(prefix) });
    for await (const page of pages) {
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        // The console makes "folders": empty objects whose key ends in a slash.
        if (!keyFault(Key)) yield { key: Key, bytes: Size, modifiedMs: wholeSeconds(LastModified) };
      }
    }
  };
}
