import { sourceInBucket } from '../../core/job/backfilled.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

/** Whether an object exists at a location in this bucket; false for locations in other buckets. */
export async function isInBucket(store: Pick<ObjectStore, 'head'>, bucket: string, location: string): Promise<boolean> {
  const folder = sourceInBucket(bucket, '');
  return location.startsWith(folder) && (await store.head(location.slice(folder.length))) !== undefined;
}
