import { GetObjectCommand, HeadObjectCommand, RestoreObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { HEADER_BYTES, readHeader } from '../../core/film/mp4-header.ts';
import { type ArchivedSource, type Headers, RESTORED_DAYS } from '../../core/ports/inbox.ts';
import { asking, isNamed, unless } from './aws-failure.ts';

/** Reads facts of a picture from the headers of files in a bucket, and makes archived files readable. */
export function s3Headers(client: S3Client, bucket: string): Headers {
  return {
    measure: (key) =>
      asking(`measure ${key}`, async () => {
        const at = { Bucket: bucket, Key: key };
        const head = await partOf(client, at, 0);
        const readAt = async (offset: number) =>
          (offset === 0 ? head : await partOf(client, at, offset))?.bytes ?? NONE;
        return head && { bytes: head.of, ...(await readHeader(head.of, readAt)) };
      }),
    archived: (key) =>
      asking(`inspect ${key}`, async () => {
        const found = await unless('NotFound', client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
        const className = ARCHIVED[found?.ArchiveStatus ?? found?.StorageClass ?? ''];
        const restore = found?.Restore ?? '';
        if (!found || className === undefined || /ongoing-request="false"/.test(restore)) return undefined;
        return { className, bytes: found.ContentLength ?? 0, isRestoring: /ongoing-request="true"/.test(restore) };
      }),
    restore: (key, { className }, tier) =>
      asking(`restore ${key}`, async () => {
        const GlacierJobParameters = { Tier: tier === 'bulk' ? 'Bulk' : 'Standard' } as const;
        // Intelligent-Tiering takes no days: there the object itself comes back
        const days = className.startsWith('it-') ? {} : { Days: RESTORED_DAYS };
        const RestoreRequest = { ...days, GlacierJobParameters };
        const command = new RestoreObjectCommand({ Bucket: bucket, Key: key, RestoreRequest });
        await unless('RestoreAlreadyInProgress', client.send(command));
      }),
  };
}

/** The classes of objects that cannot be read, by the header that says so: x-amz-storage-class, x-amz-archive-status. */
const ARCHIVED: Readonly<Record<string, ArchivedSource['className']>> = {
  GLACIER: 'glacier',
  DEEP_ARCHIVE: 'deep-archive',
  ARCHIVE_ACCESS: 'it-archive',
  DEEP_ARCHIVE_ACCESS: 'it-deep-archive',
};

const NONE = new Uint8Array();

/** Returns some bytes of an object and its whole size, which the answer to a range request both has. */
async function partOf(client: S3Client, at: { Bucket: string; Key: string }, offset: number) {
  const Range = `bytes=${offset}-${offset + HEADER_BYTES - 1}`;
  try {
    const answer = await unless('NoSuchKey', client.send(new GetObjectCommand({ ...at, Range })));
    const bytes = await answer?.Body?.transformToByteArray();
    return bytes && { bytes, of: Number(/\/(\d+)$/.exec(answer?.ContentRange ?? '')?.[1] ?? bytes.length) };
  } catch (error) {
    if (isNamed('InvalidRange', error)) return { bytes: NONE, of: 0 }; // an empty object has no first byte
    if (isNamed('InvalidObjectState', error)) return { bytes: NONE, of: await sizeOf(client, at) };
    throw error;
  }
}

/** The size of an object that cannot be read. */
async function sizeOf(client: S3Client, at: { Bucket: string; Key: string }): Promise<number> {
  return (await client.send(new HeadObjectCommand(at))).ContentLength ?? 0;
}
