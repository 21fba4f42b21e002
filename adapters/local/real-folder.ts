import { realpath } from 'node:fs/promises';
import { readFailure } from '../../core/system-failure.ts';

/** Returns the path of a folder with every link resolved. Throws what a folder that cannot be read means for its user. */
export async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw readFailure(error, path);
  }
}
