import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { ServiceError } from '../../core/errors.ts';
import type { S3Settings } from './s3-settings.ts';

const MOST_PARTS = 10_000;
/** The number of parallel parts, each of which is in memory until S3 has it. */
const PARTS_AT_ONCE = 4;

type UploadRequest = { readonly key: string; readonly path: string; readonly contentType: string };

/** Uploads a file in one request or in parts, each with a checksum. The object appears only when it is complete. */
export async function upload(
  settings: S3Settings,
  { key, path, contentType }: UploadRequest,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const size = await sizeOf(path);
  const body = createReadStream(path);
  const multipart = new Upload({
    client: settings.client,
    params: { Bucket: settings.bucket, Key: key, Body: body, ContentType: contentType, ContentLength: size },
    partSize: partSizeFor(size, settings.partBytes),
    queueSize: PARTS_AT_ONCE,
  });
  const abort = () => void multipart.abort();
  signal.addEventListener('abort', abort);
  try {
    await multipart.done();
  } finally {
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}

/** Returns the part size that was asked for, or a larger one if the object would have more than 10,000 parts. */
export const partSizeFor = (bytes: number, asked: number): number => Math.max(asked, Math.ceil(bytes / MOST_PARTS));

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `there is no file ${path} to upload`, {}, { cause });
  });
  return size;
}
