import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ListedObject } from '../../core/job/backfilled.ts';

/** The classes of S3 from which objects have to be restored before they are read. */
const ARCHIVES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/**
 * Lists every object whose key begins with a prefix, in key order and a page at a time, also those whose keys no store of ours
 * could hold. Whether Intelligent-Tiering has archived one, no listing tells.
 */
export async function* s3ListClasses(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<ListedObject> {
  const OptionalObjectAttributes = ['RestoreStatus' as const];
  for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix, OptionalObjectAttributes })) {
    for (const { Key = '', Size = 0, StorageClass = 'STANDARD', RestoreStatus } of page.Contents ?? []) {
      const isRestored = RestoreStatus?.RestoreExpiryDate !== undefined && !RestoreStatus.IsRestoreInProgress;
      yield { key: Key, bytes: Size, isArchived: ARCHIVES.includes(StorageClass) && !isRestored };
    }
  }
}
