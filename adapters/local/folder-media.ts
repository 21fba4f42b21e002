import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { MediaObjects, OpenObject } from '../../core/ports/media-objects.ts';
import { codeOf, readFailure } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';
import { throwIfAborted } from './abort.ts';
import { pathInside } from './path-inside.ts';

/** A read of the disk costs about as much as copying so many bytes. */
const GAP_BYTES = 32 * 1024;

/**
 * Files of a folder, read in ranges. An open file stays the same if it is replaced by renaming, as everything here is; if
 * it is written to, the next read fails. A folder keeps one version of a file: any other name of a version finds nothing.
 */
export function folderMedia(folder: string): MediaObjects {
  const root = resolve(folder);
  return {
    async open(key, version, signal) {
      throwIfAborted(signal);
      let file: FileHandle | undefined;
      try {
        // without O_NONBLOCK a pipe that lies there would be waited for
        file = await open(await pathInside(root, key), constants.O_RDONLY | constants.O_NONBLOCK);
        const stats = await file.stat({ bigint: true });
        if (!stats.isFile() || (version !== undefined && version !== versionOf(stats))) {
          await file.close();
          return undefined;
        }
        return openFile(file, key, stats);
      } catch (error) {
        await file?.close();
        if (MISSING.includes(codeOf(error))) return undefined;
        throw readFailure(error, key);
      }
    },
  };
}

function openFile(file: FileHandle, key: string, first: BigIntStats): OpenObject {
  const version = versionOf(first);
  return {
    bytes: Number(first.size),
    version,
    gapBytes: GAP_BYTES,
    async read(start, end, signal) {
      throwIfAborted(signal);
      try {
        const bytes = Buffer.allocUnsafe(end - start);
        for (let filled = 0; filled < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
          if (bytesRead === 0) throw changed(key);
          filled += bytesRead;
        }
        if (versionOf(await file.stat({ bigint: true })) !== version) throw changed(key);
        return bytes;
      } catch (error) {
        throw readFailure(error, key);
      }
    },
    close: () => file.close(),
  };
}

const changed = (key: string) =>
  new ServiceError('reclaimed', `${JSON.stringify(key)} was changed while it was read; try again`);

/** Size, time of change to the nanosecond, and the file itself: a copy under the same name is another one. */
const versionOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string =>
  createHash('sha256').update([dev, ino, size, mtimeNs].join(' ')).digest('hex').slice(0, 32);
