import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { ServiceError } from '../../core/errors.ts';
import type { S3Settings } from './s3-settings.ts';

export const MOST_PARTS = 10_000;
/** Parts under way at once, each held in memory until it has arrived. */
const PARTS_AT_ONCE = 4;

export type UploadRequest = { readonly key: string; readonly path: string; readonly contentType: string };

/** In one request or in parts, each with its checksum. What did not arrive whole is not there at all. */
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

/** The part size asked for, or, where 10,000 of those are too few, what it takes. */
export const partSizeFor = (bytes: number, asked: number): number => Math.max(asked, Math.ceil(bytes / MOST_PARTS));

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `there is no file ${path} to put`, {}, { cause });
  });
  return size;
}
