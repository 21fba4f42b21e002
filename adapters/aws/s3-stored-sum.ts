import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../core/archive/stored-sum.ts';
import { checkKey } from '../../core/object-key.ts';
import { unless } from './aws-failure.ts';
import { asPerson } from './refusal.ts';
import { wholeSeconds } from './s3-head.ts';

/** Returns what S3 says of an object without reading it, with the sum of the whole object; undefined where there is none. */
export async function storedObject(
  client: S3Client,
  Bucket: string,
  key: string,
  abortSignal?: AbortSignal,
): Promise<StoredObject | undefined> {
  const command = new HeadObjectCommand({ Bucket, Key: checkKey(key), ChecksumMode: 'ENABLED' });
  const sent = client.send(command, abortSignal && { abortSignal });
  const found = await asPerson(`looking at s3://${Bucket}/${key}`, () => unless('NotFound', sent));
  if (!found) return undefined;
  const { ContentLength: bytes = 0, LastModified, ChecksumCRC64NVME: crc64nvme, StorageClass, Restore = '' } = found;
  const isRestored = /ongoing-request="false"/.test(Restore);
  const name = ARCHIVES.find((archive) => archive === (found.ArchiveStatus ?? StorageClass));
  return { bytes, modifiedMs: wholeSeconds(LastModified), crc64nvme, archivedIn: isRestored ? undefined : name };
}

/** The storage classes, and the tiers of Intelligent-Tiering, of objects that have to be restored before they are read. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE', 'ARCHIVE_ACCESS', 'DEEP_ARCHIVE_ACCESS'];
