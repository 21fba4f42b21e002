import { fileName } from '../paths.ts';
import type { ChosenFile } from './chosen-file.ts';
import type { UploadItem } from './upload-item.ts';

/**
 * Returns the unfinished upload that a file continues: one of the same name, size and time, and with the same first bytes
 * where this browser remembers them. A file that was changed since is another file.
 */
export async function isKnownAgain(
  { file, path }: ChosenFile,
  items: readonly UploadItem[],
  headOfItem: (id: string) => string,
  headOf: (file: Blob) => Promise<string>,
): Promise<UploadItem | undefined> {
  const alike = items.filter(
    (item) =>
      item.state.status === 'needs-file' &&
      item.bytes === file.size &&
      (item.modifiedMs === 0 || item.modifiedMs === file.lastModified) &&
      fileName(item.path) === fileName(path), // a file of a folder may be dropped alone the second time
  );
  if (alike.length === 0) return undefined;
  const head = await headOf(file);
  return alike.find(({ id }) => [head, ''].includes(headOfItem(id)));
}
