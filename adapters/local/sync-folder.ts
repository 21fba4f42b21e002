import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { partBytesOf } from '../../core/archive/etag.ts';
import { isSent } from '../../core/archive/rclone-args.ts';
import { readFailure } from '../../core/system-failure.ts';
import { folderStore } from './folder-store.ts';
import { partHashes } from './part-hashes.ts';

/** Every file of a folder that is sent to a bucket, hidden ones too, as rclone sees them: links and devices are left out. */
export function syncFolder(root: string) {
  const store = folderStore(root);
  return {
    files: () => walk(root, ''),
    read: (path: string) => store.read(path),
    write: (path: string, text: string) => store.write(path, text, 'text/plain'),
    async hashes(
      path: string,
      partMiB: number,
      options: { readonly signal: AbortSignal; onProgress(bytes: number): void },
    ) {
      const at = join(root, path);
      try {
        const { size } = await stat(at);
        return await partHashes(at, partBytesOf(size, partMiB), options);
      } catch (error) {
        throw readFailure(error, at);
      }
    },
  };
}

async function* walk(
  root: string,
  folder: string,
): AsyncGenerator<{ readonly path: string; readonly bytes: number; readonly modifiedMs: number }> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    throw readFailure(error, join(root, folder));
  });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    if (!entry.isFile() || !isSent(path)) continue;
    const stats = await stat(join(root, path)).catch(() => undefined); // it may vanish meanwhile
    if (stats) yield { path, bytes: stats.size, modifiedMs: stats.mtimeMs };
  }
}
