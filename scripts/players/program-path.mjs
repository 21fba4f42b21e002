import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { SetupError } from '../setup-error.mjs';

/**
 * Where the first of these programs lies that is on the PATH. Throws SetupError where none is.
 * @param {readonly string[]} names
 */
export async function programPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new SetupError(`none of ${names.join(', ')} is on the PATH; install one`);
}
