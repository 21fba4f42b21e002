import { mkdir, open, truncate } from 'node:fs/promises';
import { bytesIn } from '../../core/film/byte-ranges.ts';
import type { PartFile } from '../../core/ports/object-store.ts';
import { asking } from './aws-failure.ts';
import { inFolder, versionNow } from './s3-download.ts';
import { checkRoom, fillRanges } from './s3-ranges.ts';
import type { S3Settings } from './s3-settings.ts';

/**
 * Opens one version of an object as a sparse file in the scratch folder: it has the object's size, and takes as much of the disk
 * as was filled. Returns undefined if the object is gone or another version is there.
 */
export async function openParts(
  settings: S3Settings,
  { key, version }: { readonly key: string; readonly version: string },
  signal: AbortSignal,
): Promise<PartFile | undefined> {
  signal.throwIfAborted();
  const now = await versionNow(settings, key, signal);
  if (!now || now.etag !== version || version === '') return undefined;
  await mkdir(settings.scratch, { recursive: true });
  return inFolder(settings, key, async (path) => {
    await (await open(path, 'wx')).close();
    await truncate(path, now.bytes);
    return {
      path,
      version,
      fill: (ranges) =>
        asking(`fetch ${key}`, async () => {
          await checkRoom(settings.scratch, key, bytesIn(ranges));
          const file = await open(path, 'r+');
          try {
            await fillRanges({ settings, version: now, file, signal }, ranges);
          } finally {
            await file.close();
          }
        }),
    } satisfies Omit<PartFile, 'release'>;
  });
}
