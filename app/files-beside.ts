import { ServiceError } from '../core/errors.ts';
import type { ObjectInfo, ObjectStore } from '../core/ports/object-store.ts';

/** The files of one folder whose key begins with a prefix. A folder that does not let itself be read keeps no film back. */
export async function filesBeside(prefix: string, store: Pick<ObjectStore, 'list'>): Promise<readonly ObjectInfo[]> {
  const files: ObjectInfo[] = [];
  try {
    for await (const file of store.list(prefix)) if (!file.key.slice(prefix.length).includes('/')) files.push(file);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.retry === 'again') throw error;
  }
  return files;
}
