import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { unless } from './aws-failure.ts';
import { checkRoom, fillRanges, type ObjectVersion } from './s3-ranges.ts';
import type { S3Settings } from './s3-settings.ts';

const LONGEST_NAME = 100;

/**
 * Downloads an object in parts to a file in the scratch folder. All parts are of one version. Throws `reclaimed` if the object
 * is replaced meanwhile, and `disk-full`, before it reads anything, if the file does not fit on the disk.
 */
export async function download(settings: S3Settings, key: string, signal: AbortSignal): Promise<LocalFile> {
  signal.throwIfAborted();
  const version = await versionNow(settings, key, signal);
  if (!version) throw new ServiceError('no-input', `there is no object ${key} in ${settings.bucket}`);
  await mkdir(settings.scratch, { recursive: true });
  await checkRoom(settings.scratch, key, version.bytes);
  return inFolder(settings, key, async (path) => {
    const file = await open(path, 'wx');
    try {
      await fillRanges({ settings, version, file, signal }, [{ start: 0, end: version.bytes, at: 0 }]);
    } finally {
      await file.close();
    }
    return { path, version: version.etag ?? '' };
  });
}

/** The version that an object has now; undefined if there is none. */
export async function versionNow(
  { client, bucket }: S3Settings,
  key: string,
  signal: AbortSignal,
): Promise<ObjectVersion | undefined> {
  const asked = client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  const found = await unless('NotFound', asked);
  return found && { key, etag: found.ETag, bytes: found.ContentLength ?? 0 };
}

/** Makes a file for an object in a new folder of the scratch. The folder is removed if that fails, or by `release`. */
export async function inFolder<Made extends object>(
  { scratch }: S3Settings,
  key: string,
  make: (path: string) => Promise<Made>,
): Promise<Made & { release(): Promise<void> }> {
  const folder = await mkdtemp(join(scratch, 'fetched-'));
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    // the name only helps people, and its end has the extension
    return { ...(await make(join(folder, basename(key).slice(-LONGEST_NAME)))), release };
  } catch (error) {
    await release();
    throw error;
  }
}
