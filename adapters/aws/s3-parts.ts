import { mkdir, open, truncate } from 'node:fs/promises';
import { bytesIn, type FilePart } from '../../core/bytes/byte-ranges.ts';
import type { LocalFile, PartFile } from '../../core/ports/object-store.ts';
import { asking } from './aws-failure.ts';
import { inFolder, versionNow } from './s3-download.ts';
import { checkRoom, fillRanges, type ObjectVersion, type PlacedPart } from './s3-ranges.ts';
import type { S3Settings } from './s3-settings.ts';

/**
 * Opens one version of an object as a sparse file in the scratch folder: it has the object's size, and takes as much of the disk
 * as was filled. Returns undefined if the object is gone or another version is there.
 */
export const openParts = (
  settings: S3Settings,
  wanted: WantedVersion,
  signal: AbortSignal,
): Promise<PartFile | undefined> =>
  inNewFile(settings, wanted, signal, async (path, now) => {
    await truncate(path, now.bytes);
    return {
      path,
      version: wanted.version,
      fill: (parts) =>
        asking(`fetch ${wanted.key}`, () => {
          const inPlace = parts.map((part) => ({ ...part, at: part.start }));
          return fill({ settings, version: now, signal }, path, inPlace);
        }),
    } satisfies Omit<PartFile, 'release'>;
  });

/** Writes parts of one version of an object one behind the other; undefined as `openParts` returns it. */
export const openStretches = (
  settings: S3Settings,
  { parts, ...wanted }: WantedVersion & { readonly parts: readonly FilePart[] },
  signal: AbortSignal,
): Promise<LocalFile | undefined> =>
  inNewFile(settings, wanted, signal, async (path, now) => {
    let at = 0;
    const placed = parts.map((part) => {
      const before = at;
      at += part.end - part.start;
      return { ...part, at: before };
    });
    await fill({ settings, version: now, signal }, path, placed);
    return { path, version: wanted.version };
  });

type WantedVersion = { readonly key: string; readonly version: string };

/** Makes an empty file for a version of an object, if that is the one that is there. */
async function inNewFile<T extends object>(
  settings: S3Settings,
  { key, version }: WantedVersion,
  signal: AbortSignal,
  write: (path: string, now: ObjectVersion) => Promise<T>,
) {
  signal.throwIfAborted();
  const now = await versionNow(settings, key, signal);
  if (!now || now.etag !== version || version === '') return undefined;
  await mkdir(settings.scratch, { recursive: true });
  return inFolder(settings, key, async (path) => {
    await (await open(path, 'wx')).close();
    return write(path, now);
  });
}

type Filling = {
  readonly settings: S3Settings;
  readonly version: ObjectVersion;
  readonly signal: AbortSignal;
};

async function fill({ settings, version, signal }: Filling, path: string, parts: readonly PlacedPart[]): Promise<void> {
  const wanted = parts.filter(({ instead }) => !instead);
  await checkRoom(settings.scratch, version.key, bytesIn(wanted));
  const file = await open(path, 'r+');
  try {
    for (const { instead, at } of parts) if (instead) await file.write(instead, 0, instead.length, at);
    if (wanted.length > 0) await fillRanges({ settings, version, file, signal }, wanted);
  } finally {
    await file.close();
  }
}
