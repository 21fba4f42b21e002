import type { ChosenFile } from './chosen-file.ts';

/** What lies in folders beside films, put there by systems and not by people. */
const SYSTEM_FILE = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

/**
 * Returns all files that were dropped, those of folders included. Browsers forget what was dropped as soon as the event is
 * over, so everything is asked for before anything is waited for.
 */
export async function droppedFiles(items: DataTransferItemList): Promise<readonly ChosenFile[]> {
  const files = [...items].filter(({ kind }) => kind === 'file');
  const opened = files.map((item) => {
    const file = item.getAsFile();
    const entry = item.webkitGetAsEntry();
    return { file, entry, handle: handleOf(item) };
  });
  const found = await Promise.all(
    opened.map(async ({ file, entry, handle: promised }) => {
      const handle = await promised;
      if (handle) return inHandle(handle, '');
      if (entry) return inEntry(entry, '');
      return file ? [{ file, path: file.name, handle: undefined }] : [];
    }),
  );
  return found.flat();
}

/** The files of `<input type=file>`, where one with a folder gives each file its path below it. */
export const pickedFiles = (list: FileList): readonly ChosenFile[] =>
  [...list]
    .filter(({ name }) => !SYSTEM_FILE.test(name))
    .map((file) => ({ file, path: file.webkitRelativePath || file.name, handle: undefined }));

async function handleOf(item: DataTransferItem): Promise<FileSystemHandle | undefined> {
  // A drop that is no file of the system, as one out of a page, has an entry and no handle.
  return (await item.getAsFileSystemHandle?.().catch(() => undefined)) ?? undefined;
}

async function inHandle(handle: FileSystemHandle, above: string): Promise<readonly ChosenFile[]> {
  if (SYSTEM_FILE.test(handle.name)) return [];
  const path = `${above}${handle.name}`;
  if (isFile(handle)) return [{ file: await handle.getFile(), path, handle }];
  if (!isFolder(handle)) return [];
  const found: ChosenFile[] = [];
  for await (const each of handle.values()) found.push(...(await inHandle(each, `${path}/`)));
  return found;
}

const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === 'file';
const isFolder = (handle: FileSystemHandle): handle is FileSystemDirectoryHandle => handle.kind === 'directory';

async function inEntry(entry: FileSystemEntry, above: string): Promise<readonly ChosenFile[]> {
  if (SYSTEM_FILE.test(entry.name)) return [];
  const path = `${above}${entry.name}`;
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path, handle: undefined }];
  }
  if (!isFolderEntry(entry)) return [];
  const reader = entry.createReader();
  const found: ChosenFile[] = [];
  for (;;) {
    // A reader gives about a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await inEntry(each, `${path}/`)));
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
