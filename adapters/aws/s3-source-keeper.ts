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

  async function copy({ source, key, sums }: Keeping, to: StorageClass): Promise<void> {
    if (sums.bytes > settings.largestCopyBytes)
      return copyInParts(settings, placeOf(source), key, { bytes: sums.bytes, StorageClass: to });
    const { bucket, key: sourceKey } = placeOf(source);
    const from = copySource(bucket, sourceKey);
    // REPLACE leaves the source's tags behind, which it takes a permission to read
    const own = { ChecksumAlgorithm: 'CRC64NVME', StorageClass: to, TaggingDirective: 'REPLACE' } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: key, CopySource: from, ...own }));
  }

  return {
    keep: (keeping, signal) =>
      asking(`keep ${keeping.source}`, async () => {
        signal.throwIfAborted();
        const { source, key, sums, storageClass } = keeping;
        const isSame = (is: Awaited<ReturnType<typeof stored>>) =>
          is?.bytes === sums.bytes && is.sum === sums.crc64nvme;
        const there = await stored(key);
        if (there && !isSame(there)) return undefined;
        if (there && (there.storageClass ?? 'STANDARD') === storageClass) return { storageClass };
        if (!(await stored(source))) throw new ServiceError('no-input', `there is no object ${source} to keep`);
        await copy(keeping, classNamed(storageClass));
        if (isSame(await stored(key))) return { storageClass };
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
        throw new ServiceError('busy', `${source} changed while it was copied; it is taken up again as it is now`);
      }),
  };
}

const CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'DEEP_ARCHIVE'] as const;

function classNamed(name: string): StorageClass {
  const found = CLASSES.find((each) => each === name);
  if (!found) throw new Error(`S3 keeps no source in ${name}`);
  return found;
}
