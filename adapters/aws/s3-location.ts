import type { ObjectStore } from '../../core/ports/object-store.ts';

export const s3Location = (bucket: string, key: string): string => `s3://${bucket}/${key}`;

/** Whether an object exists at a location in this bucket; false for locations in other buckets. */
export async function isInBucket(store: Pick<ObjectStore, 'head'>, bucket: string, location: string): Promise<boolean> {
  const folder = s3Location(bucket, '');
  return location.startsWith(folder) && (await store.head(location.slice(folder.length))) !== undefined;
}
