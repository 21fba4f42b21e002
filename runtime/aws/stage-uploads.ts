import { S3Client } from '@aws-sdk/client-s3';
import { endReads } from '../../adapters/aws/ended-reads.ts';
import { asPerson, eachAsPerson } from '../../adapters/aws/refusal.ts';
import { headByListing, s3Documents } from '../../adapters/aws/s3-documents.ts';
import { s3PartStore } from '../../adapters/aws/s3-part-store.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { openUploadSource } from '../../adapters/local/upload-source.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { clientsAt } from '../bucket-archive.ts';
import { bucketMenu } from './bucket-menu.ts';
import type { StageStack } from './stage-stack.ts';

/** Opens the bucket of a stage for a person's uploads. What S3 refuses is told in one sentence; what is read there ends with the signal. */
export function openStageUploads(stack: StageStack, signal: AbortSignal) {
  const { mediaBucket: bucket } = stack;
  const s3 = new S3Client(clientsAt(stack));
  endReads(s3, signal);
  const parts = s3PartStore(s3, bucket);
  const uploads = s3Documents(s3, bucket, 'work/');
  const sources = headByListing(s3, bucket);
  const objects = s3SmallObjects(s3, bucket);
  const told = <T>(call: () => Promise<T>) => asPerson(`the upload to s3://${bucket}`, call);
  return {
    clock: systemClock,
    menu: bucketMenu({ read: (key) => told(() => objects.read(key)) }),
    sources: { head: (...given: Parameters<typeof sources.head>) => told(() => sources.head(...given)) },
    parts: {
      begin: (...given: Parameters<typeof parts.begin>) => told(() => parts.begin(...given)),
      parts: (...given: Parameters<typeof parts.parts>) => told(() => parts.parts(...given)),
      sign: parts.sign,
      complete: (...given: Parameters<typeof parts.complete>) => told(() => parts.complete(...given)),
      abort: (...given: Parameters<typeof parts.abort>) => told(() => parts.abort(...given)),
    },
    uploads: {
      read: (...given: Parameters<typeof uploads.read>) => told(() => uploads.read(...given)),
      write: (...given: Parameters<typeof uploads.write>) => told(() => uploads.write(...given)),
      writeNew: (...given: Parameters<typeof uploads.writeNew>) => told(() => uploads.writeNew(...given)),
      remove: (...given: Parameters<typeof uploads.remove>) => told(() => uploads.remove(...given)),
      list: (prefix: string) => eachAsPerson(`listing s3://${bucket}/work/${prefix}`, uploads.list(prefix)),
    },
    open: openUploadSource,
    close: () => s3.destroy(),
  };
}
