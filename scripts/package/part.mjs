import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';

/**
 * @typedef {{ version?: string, integrity?: string, dev?: boolean, dependencies?: Record<string, string> }} Locked
 */

/**
 * The files of a project that needs nothing but one package: package.json, which also says how large it gets, and a
 * package-lock.json with this checkout's versions and hashes, by which npm fetches exactly these.
 * @param {string} name
 * @param {string} root
 */
export async function partOf(name, root) {
  /** @type {Record<string, Locked>} */
  const locked = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
  const folders = closure(name, '', locked);
  const [version = ''] = folders.slice(0, 1).map((folder) => locked[folder]?.version);
  const project = { name: 'reelmill-part', private: true, dependencies: { [name]: version } };
  const packages = { '': project, ...Object.fromEntries(folders.map((folder) => [folder, entryOf(locked[folder])])) };
  const bytes = await Promise.all(folders.map((folder) => sizeOf(join(root, folder))));
  const manifest = { ...project, reelmill: { version, bytes: bytes.reduce((sum, each) => sum + each, 0) } };
  const lock = { name: project.name, lockfileVersion: 3, requires: true, packages };
  return { 'package.json': json(manifest), 'package-lock.json': json(lock) };
}

/**
 * The folders of a package and of everything that it needs, itself first.
 * @param {string} name
 * @param {string} from
 * @param {Record<string, Locked>} locked
 * @param {string[]} found
 * @returns {string[]}
 */
function closure(name, from, locked, found = []) {
  const places = [from, ...parents(from)].map((folder) => posix.join(folder, 'node_modules', name));
  const folder = places.find((place) => locked[place]);
  if (folder === undefined) throw new Error(`package-lock.json has no ${name}, which ${from || 'a part'} needs`);
  if (locked[folder]?.integrity === undefined) throw new Error(`package-lock.json has no hash of ${folder}`);
  if (found.includes(folder)) return found;
  found.push(folder);
  for (const each of Object.keys(locked[folder]?.dependencies ?? {})) closure(each, folder, locked, found);
  return found;
}

/** Where Node.js looks further up: @param {string} folder @returns {string[]} */
function parents(folder) {
  if (folder === '') return [];
  const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  return [above, ...parents(above)];
}

/** In the lock file of the checkout it is a package for development, in that of the part it is what is wanted. */
const entryOf = ({ dev: _, ...entry } = /** @type {Locked} */ ({})) => entry;

/**
 * @param {string} folder
 * @returns {Promise<number>}
 */
async function sizeOf(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((each) => each.isFile()).map((each) => stat(join(each.parentPath, each.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, undefined, 2)}\n`;
