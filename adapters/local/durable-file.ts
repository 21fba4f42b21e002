import { open } from 'node:fs/promises';

/** Writes a file that survives a power failure from the moment this returns. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes what was written to a file survive a power failure. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename survive a power failure. Some network file systems cannot sync folders; they are left alone. */
export async function flushFolder(folder: string): Promise<void> {
  await syncFile(folder).catch(() => undefined);
}
