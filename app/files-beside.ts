import { ServiceError } from '../core/errors.ts';
import type { ObjectInfo, ObjectStore } from '../core/ports/object-store.ts';

/**
 * Lists the files of one folder whose keys begin with a prefix. An unreadable folder counts as empty, and does not fail
 * the film.
 */
export async function filesBeside(prefix: string, store: Pick<ObjectStore, 'list'>): Promise<readonly ObjectInfo[]> {
  const files: ObjectInfo[] = [];
  try {
    for await (const file of store.list(prefix)) if (!file.key.slice(prefix.length).includes('/')) files.push(file);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.retry === 'again') throw error;
  }
  return files;
}
