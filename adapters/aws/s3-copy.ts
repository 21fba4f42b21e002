import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type StorageClass,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { copyParts } from '../../core/upload/copy-parts.ts';
import type { S3Settings } from './s3-settings.ts';
import { WHOLE_SUM } from './s3-upload.ts';

/** S3 copies the parts itself, so that large parts cost us nothing. */
const COPY_PART_BYTES = 512 * 2 ** 20;
const PARTS_AT_ONCE = 8;

/** The value of the CopySource header: the key is percent-encoded, but for its slashes. */
export const copySource = (bucket: string, key: string) =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

/** Copies an object that is too large for one request. The copy appears only when it is complete. */
export async function copyInParts(
  settings: S3Settings,
  from: { readonly bucket: string; readonly key: string },
  to: string,
  { bytes, ...as }: { readonly bytes: number; readonly StorageClass?: StorageClass; readonly ContentType?: string },
): Promise<void> {
  const { client, bucket } = settings;
  const { ContentType, ETag } = await client.send(new HeadObjectCommand({ Bucket: from.bucket, Key: from.key }));
  const at = { Bucket: bucket, Key: to };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at, ...WHOLE_SUM, ContentType, ...as }));
  const source = { CopySource: copySource(from.bucket, from.key), CopySourceIfMatch: ETag };
  const copyPart = async (start: number, end: number, PartNumber: number) => {
    const CopySourceRange = `bytes=${start}-${end - 1}`;
    const part = await client.send(
      new UploadPartCopyCommand({ ...at, ...source, UploadId, PartNumber, CopySourceRange }),
    );
    return { PartNumber, ...part.CopyPartResult };
  };
  const queue = new PQueue({ concurrency: PARTS_AT_ONCE });
  try {
    const parts = copyParts(bytes, Math.min(COPY_PART_BYTES, settings.largestCopyBytes));
    const copied = parts.map(({ start, end, number }) => queue.add(() => copyPart(start, end, number)));
    const Parts = await Promise.all(copied);
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    queue.clear();
    await queue.onIdle(); // a part that comes after the upload was given up would stay
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => {}); // the lifecycle removes it otherwise
    throw error;
  }
}
