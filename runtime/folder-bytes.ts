import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the bytes of all files below a folder. What cannot be read, or goes away meanwhile, counts as nothing; links are not followed. */
export async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      if (entry.isFile()) sum += await bytesOf(join(entry.parentPath, entry.name));
    }
  } catch {
    return sum;
  }
  return sum;
}

const bytesOf = async (path: string) => (await lstat(path).catch(() => undefined))?.size ?? 0;
