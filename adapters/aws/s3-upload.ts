import { type FileHandle, open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { crc64nvmeOf } from '../../core/crc64nvme.ts';
import { ServiceError } from '../../core/errors.ts';
import { partSizeFor } from '../../core/upload/copy-parts.ts';
import { isNamed } from './aws-failure.ts';
import type { S3Settings } from './s3-settings.ts';

/** The number of parallel parts, each of which is in memory until S3 has it. */
const PARTS_AT_ONCE = 4;

type UploadRequest = {
  readonly key: string;
  readonly path: string;
  readonly contentType: string;
  /** The sum that the whole file must have. S3 compares it with what arrived, and stores it. */
  readonly crc64nvme: string | undefined;
};

/** The sum that S3 stores of a whole object, however many parts it came in. */
export const WHOLE_SUM = { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const;

/**
 * Uploads a file in one request or in parts, each with a checksum. The object appears only when it is complete. Throws
 * `busy` if the bytes that arrived do not have the expected sum.
 */
export async function upload(settings: S3Settings, request: UploadRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const file = await open(request.path).catch((cause: unknown) => {
    throw new ServiceError('no-input', `there is no file ${request.path} to upload`, {}, { cause });
  });
  try {
    const { size } = await file.stat();
    const sending = { settings, request, file, size, signal };
    await (size <= partSizeFor(size, settings.partBytes) ? sendWhole(sending) : sendInParts(sending));
  } catch (error) {
    if (!isNamed('BadDigest', error)) throw error;
    const reason = `${request.path}: it is not what was verified, or was damaged on its way; try again`;
    throw new ServiceError('busy', reason, {}, { cause: error });
  } finally {
    await file.close();
  }
}

type UploadTask = {
  readonly settings: S3Settings;
  readonly request: UploadRequest;
  readonly file: FileHandle;
  readonly size: number;
  readonly signal: AbortSignal;
};

async function sendWhole({ settings: { client, bucket }, request, file, size, signal }: UploadTask): Promise<void> {
  const { key, contentType, crc64nvme } = request;
  const at = { Bucket: bucket, Key: key, ContentType: contentType };
  const sum = crc64nvme === undefined ? {} : { ChecksumCRC64NVME: crc64nvme };
  const Body = await read(file, 0, size, request);
  await client.send(new PutObjectCommand({ ...at, ...sum, Body }), { abortSignal: signal });
}

async function sendInParts({ settings, request, file, size, signal }: UploadTask): Promise<void> {
  const { client, bucket } = settings;
  const { key, contentType, crc64nvme } = request;
  const at = { Bucket: bucket, Key: key };
  const kind = crc64nvme === undefined ? { ChecksumAlgorithm: 'CRC32' as const } : WHOLE_SUM;
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...at, ...kind, ContentType: contentType }),
    { abortSignal: signal },
  );
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const queue = new PQueue({ concurrency: PARTS_AT_ONCE });
  const sendPart = async (start: number, PartNumber: number) => {
    stop.throwIfAborted();
    const Body = await read(file, start, Math.min(size - start, partBytes), request);
    const sum = crc64nvme === undefined ? {} : { ChecksumCRC64NVME: crc64nvmeOf(Body) };
    const part = { ...at, UploadId, PartNumber, Body, ...sum };
    const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand(part), { abortSignal: stop });
    return { PartNumber, ETag, ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }) };
  };
  const partBytes = partSizeFor(size, settings.partBytes);
  const starts = Array.from({ length: Math.ceil(size / partBytes) }, (_, i) => i * partBytes);
  try {
    const Parts = await Promise.all(starts.map((start, i) => queue.add(() => sendPart(start, i + 1))));
    const sum = crc64nvme === undefined ? {} : { ChecksumCRC64NVME: crc64nvme, ChecksumType: WHOLE_SUM.ChecksumType };
    const whole = { ...at, UploadId, ...sum, MultipartUpload: { Parts } };
    await client.send(new CompleteMultipartUploadCommand(whole), { abortSignal: signal });
  } catch (error) {
    failed.abort(); // stops the other parts if one failed
    queue.clear();
    await queue.onIdle();
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => {}); // the lifecycle removes it otherwise
    throw error;
  }
}

async function read(file: FileHandle, start: number, length: number, { path }: UploadRequest): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, start + done);
    if (bytesRead === 0) throw new ServiceError('busy', `${path} became shorter while it was sent; try again`);
    done += bytesRead;
  }
  return buffer;
}
