import { open } from 'node:fs/promises';
import { HEADER_BYTES, readHeader } from '../../core/film/mp4-header.ts';
import { dropSettingsKey } from '../../core/job/drop.ts';
import type { Inbox } from '../../core/ports/inbox.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { dropSettings } from '../../core/recipes/user-recipes.ts';

/** Inspects the drops in a folder. A file's version is its size and time; its settings are in a file beside it. */
export function folderInbox(folder: Pick<ObjectStore, 'head' | 'list' | 'read' | 'locate'>): Inbox {
  return {
    list: folder.list,
    async inspect(key) {
      const found = await folder.head(key);
      if (!found) return undefined;
      const beside = await folder.read(dropSettingsKey(key));
      return {
        bytes: found.bytes,
        version: `${found.bytes}-${found.modifiedMs}`,
        settings: beside ? dropSettings(beside, dropSettingsKey(key)) : {},
      };
    },
    archived: async () => undefined,
    restore: async () => {},
    async measure(key) {
      const found = await folder.head(key);
      const path = folder.locate(key);
      return found && { bytes: found.bytes, ...(await readHeader(found.bytes, (offset) => readAt(path, offset))) };
    },
  };
}

async function readAt(path: string, offset: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
