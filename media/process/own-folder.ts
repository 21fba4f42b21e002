import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWithUs, startWatchdog } from './watchdog.ts';

type OwnFolder = { readonly path: string; remove(): Promise<void> };

/** Makes a temporary folder whose name begins so. It goes when it is removed, or when our process ends, however that ends. */
export async function ownFolder(prefix: string): Promise<OwnFolder> {
  startWatchdog();
  const path = join(tmpdir(), `${prefix}${randomUUID()}`);
  const release = removeWithUs(path); // before there is a folder, so that there is none that would stay
  const remove = async () => {
    await rm(path, { recursive: true, force: true });
    release();
  };
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    release();
    throw error;
  }
  return { path, remove };
}

/** Makes a temporary folder for `use`, and removes it afterwards. */
export async function withOwnFolder<T>(prefix: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await ownFolder(prefix);
  try {
    return await use(folder.path);
  } finally {
    await folder.remove();
  }
}
