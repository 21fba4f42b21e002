import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { ServiceError } from '../../core/errors.ts';
import { otherBucket } from '../../core/job/backfilled.ts';
import { checkKey } from '../../core/object-key.ts';
import type { Keeping, SourceKeeper } from '../../core/ports/source-keeper.ts';
import { asking, unless } from './aws-failure.ts';
import { copyInParts, copySource } from './s3-copy.ts';
import type { S3Settings } from './s3-settings.ts';

/** Keeps sources, of whatever bucket, as copies that S3 makes itself in this one. Nothing is downloaded, and the sums that S3 computed are compared. */
export function s3SourceKeeper(settings: S3Settings): SourceKeeper {
  const { client, bucket: Bucket } = settings;

  const placeOf = (source: string) => otherBucket(source) ?? { bucket: Bucket, key: source };

  async function stored(source: string) {
    const { bucket, key } = placeOf(source);
    const command = new HeadObjectCommand({ Bucket: bucket, Key: checkKey(key), ChecksumMode: 'ENABLED' });
    const found = await unless('NotFound', client.send(command));
    return found && { bytes: found.ContentLength, sum: found.ChecksumCRC64NVME, storageClass: found.StorageClass };
  }

  async function copy({ source, key, sums }: Omit<Keeping, 'storageClass'>, as: CopyAs): Promise<void> {
    const at = placeOf(source);
    if (sums.bytes > settings.largestCopyBytes) return copyInParts(settings, at, key, { bytes: sums.bytes, ...as });
    const from = copySource(at.bucket, at.key);
    // REPLACE leaves the source's tags behind, which it takes a permission to read
    const own = { ChecksumAlgorithm: 'CRC64NVME', TaggingDirective: 'REPLACE' } as const;
    // a content type of its own is taken only with all other metadata
    const described = as.ContentType === undefined ? {} : ({ MetadataDirective: 'REPLACE' } as const);
    await client.send(new CopyObjectCommand({ Bucket, Key: key, CopySource: from, ...own, ...described, ...as }));
  }

  /** Copies, and removes a copy again that is not what the results were made of. */
  async function copyExactly(copying: Omit<Keeping, 'storageClass'>, as: CopyAs): Promise<void> {
    const { source, key, sums } = copying;
    if (!(await stored(source))) throw new ServiceError('no-input', `there is no object ${source} to copy`);
    await copy(copying, as);
    if (isSame(await stored(key), sums)) return;
    await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    throw new ServiceError('busy', `${source} changed while it was copied; the next run takes it as it is now`);
  }

  return {
    keep: (keeping, signal) =>
      asking(`keep ${keeping.source}`, async () => {
        signal.throwIfAborted();
        const { key, sums, storageClass } = keeping;
        const there = await stored(key);
        if (there && !isSame(there, sums)) return undefined;
        if (there && (there.storageClass ?? 'STANDARD') === storageClass) return { storageClass };
        await copyExactly(keeping, { StorageClass: classNamed(storageClass) });
        return { storageClass };
      }),

    publish: (publishing, signal) =>
      asking(`publish ${publishing.source}`, async () => {
        signal.throwIfAborted();
        checkKey(publishing.key);
        await copyExactly(publishing, { ContentType: publishing.contentType });
      }),
  };
}

type CopyAs = { readonly StorageClass?: StorageClass; readonly ContentType?: string };

type Stored = { readonly bytes: number | undefined; readonly sum: string | undefined };

const isSame = (is: Stored | undefined, sums: Keeping['sums']): boolean =>
  is?.bytes === sums.bytes && is.sum === sums.crc64nvme;

const CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE'] as const;

function classNamed(name: string): StorageClass {
  const found = CLASSES.find((each) => each === name);
  if (!found) throw new Error(`S3 keeps no source in ${name}`);
  return found;
}
