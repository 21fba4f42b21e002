import { type FileHandle, mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { awsFailure, unless } from './aws-failure.ts';
import type { S3Settings } from './s3-settings.ts';

/** The number of parallel requests. One connection does not use a container's full bandwidth. */
const PARTS_AT_ONCE = 8;
/** How often a part is continued after its connection broke. */
const TRIES = 4;
const LONGEST_NAME = 100;

type ByteRange = { readonly start: number; readonly end: number };
/** A version of an object. Parts of another version are refused. */
type ObjectVersion = { readonly key: string; readonly etag: string | undefined; readonly bytes: number };

/**
 * Downloads an object in parts to a file in the scratch folder. All parts are of one version. Throws `reclaimed` if the object
 * is replaced meanwhile, and `disk-full`, before it reads anything, if the file does not fit on the disk.
 */
export async function download(settings: S3Settings, key: string, signal: AbortSignal): Promise<LocalFile> {
  signal.throwIfAborted();
  const version = await versionNow(settings, key, signal);
  await mkdir(settings.scratch, { recursive: true });
  await checkRoom(settings.scratch, version);
  const folder = await mkdtemp(join(settings.scratch, 'fetched-'));
  const release = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, basename(key).slice(-LONGEST_NAME)); // the name only helps people, and its end has the extension
  try {
    await fill(settings, version, path, signal);
    return { path, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function versionNow({ client, bucket }: S3Settings, key: string, signal: AbortSignal): Promise<ObjectVersion> {
  const asked = client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  const found = await unless('NotFound', asked);
  if (!found) throw new ServiceError('no-input', `there is no object ${key} in ${bucket}`);
  return { key, etag: found.ETag, bytes: found.ContentLength ?? 0 };
}

async function checkRoom(folder: string, { key, bytes }: ObjectVersion): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new ServiceError('disk-full', `${key} has ${bytes} bytes; ${folder} has room for ${bavail * bsize}`);
}

/** The download of one object to a file. */
type Download = {
  readonly settings: S3Settings;
  readonly version: ObjectVersion;
  readonly file: FileHandle;
  readonly signal: AbortSignal;
};

async function fill(settings: S3Settings, version: ObjectVersion, path: string, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  const failed = new AbortController();
  const download = { settings, version, file, signal: AbortSignal.any([signal, failed.signal]) };
  const queue = new PQueue({ concurrency: PARTS_AT_ONCE });
  try {
    const ranges = rangesOf(version.bytes, settings.partBytes);
    await Promise.all(ranges.map((range) => queue.add(() => fillRange(download, range))));
  } finally {
    failed.abort(); // stops the other ranges if one failed
    queue.clear();
    await queue.onIdle();
    await file.close();
  }
}

function rangesOf(bytes: number, partBytes: number): readonly ByteRange[] {
  const starts = Array.from({ length: Math.ceil(bytes / partBytes) }, (_, i) => i * partBytes);
  return starts.map((start) => ({ start, end: Math.min(bytes, start + partBytes) }));
}

/** Writes one range at its position in the file. If the connection breaks, the rest is requested again. */
async function fillRange(download: Download, { start, end }: ByteRange): Promise<void> {
  const { version, file, signal } = download;
  let position = start;
  for (let tries = 1; position < end; tries++) {
    try {
      for await (const chunk of await bodyOf(download, { start: position, end })) {
        await file.write(chunk, 0, chunk.length, position);
        position += chunk.length;
      }
      if (position < end) throw new ServiceError('busy', `${version.key}: S3 sent less than was asked; try again`);
    } catch (error) {
      const failure = awsFailure(error, `fetch ${version.key}`);
      const mayPass = failure instanceof ServiceError && failure.code === 'busy';
      if (signal.aborted || !mayPass || tries === TRIES) throw failure;
    }
  }
}

async function bodyOf(
  { settings, version, signal }: Download,
  { start, end }: ByteRange,
): Promise<AsyncIterable<Buffer>> {
  const at = { Bucket: settings.bucket, Key: version.key, IfMatch: version.etag };
  const command = new GetObjectCommand({ ...at, Range: `bytes=${start}-${end - 1}` });
  const answer = await unless('PreconditionFailed', settings.client.send(command, { abortSignal: signal }));
  if (!answer) throw new ServiceError('reclaimed', `${version.key} was replaced while it was read; try again`);
  if (!(answer.Body instanceof Readable)) throw new Error(`S3 gave no stream for ${version.key}`);
  return addAbortSignal(signal, answer.Body);
}
