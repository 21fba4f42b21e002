import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where the first of these commands lies that is on the PATH. Throws where none is. */
export async function commandPath(...names: readonly string[]): Promise<string> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  throw new Error(`none of ${names.join(', ')} is on the PATH`);
}
