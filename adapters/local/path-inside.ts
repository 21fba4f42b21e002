import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { checkKey } from '../../core/object-key.ts';
import { codeOf } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';

/**
 * Returns the path of a key below `root`, which is absolute, with every link resolved. Parts of it need not exist. Throws
 * `bad-input` for an invalid key, and for links that lead out of the folder or nowhere.
 */
export async function pathInside(root: string, key: string): Promise<string> {
  let existing = join(root, checkKey(key));
  const missing: string[] = [];
  while (existing !== root) {
    const real = await resolved(existing, key);
    if (real !== undefined) {
      const home = await realpath(root);
      if (!isWithin(home, real))
        throw leadsAway(key, 'out of its folder', 'name the file it leads to, or put that itself there');
      return join(real, ...missing);
    }
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  return join(root, ...missing);
}

/**
 * Returns the path at which to write or remove a key. Unlike pathInside it does not follow a link in the last part, because
 * writing an object must not change the file that a link of its name leads to.
 */
export async function placeInside(root: string, key: string): Promise<string> {
  await pathInside(root, key);
  const end = key.lastIndexOf('/');
  return join(end < 0 ? root : await pathInside(root, key.slice(0, end)), key.slice(end + 1));
}

async function resolved(path: string, key: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw leadsAway(key, 'in a circle');
    if (!MISSING.includes(codeOf(error))) throw error;
    if (await isLink(path)) throw leadsAway(key, 'nowhere');
    return undefined;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (MISSING.includes(codeOf(error))) return false;
    throw error;
  }
}

function isWithin(home: string, path: string): boolean {
  const way = relative(home, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const leadsAway = (key: string, where: string, instead = 'put the file itself there') =>
  new ServiceError('bad-input', `${JSON.stringify(key)} is a link that leads ${where}; ${instead}`);
