import type { BigIntStats, Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { sequenceIn, sequencePattern } from '../../core/film/image-sequence.ts';
import { companionOf } from '../../core/job/companions.ts';
import { HIDDEN_FOLDER } from '../../core/job/result-place.ts';
import { fileKind } from '../../core/library/file-kind.ts';
import type { FileFacts } from '../../core/library/library-filter.ts';
import { keyFault } from '../../core/object-key.ts';
import type { LibraryFile, LibraryFolder } from '../../core/ports/library.ts';
import { codeOf, readFailure } from '../../core/system-failure.ts';
import { MISSING } from '../shared/file-failure.ts';
import { publishedIn } from './published-in.ts';
import { quickStat } from './quick-stat.ts';
import { realFolder } from './real-folder.ts';

export type LibraryOptions = {
  /** Folders that are not read, such as the folder of results. */
  readonly except: readonly string[];
  /** The folder whose results are known otherwise. Those of others are told by their manifests. */
  readonly own?: string | undefined;
  isWanted(file: FileFacts): boolean;
  /** Whether a file is a film by its bytes. It is asked where the name does not say. */
  isFilm(path: string): Promise<boolean>;
  /** Whether one numbered picture that lies alone in the folder itself is a sequence, since somebody says its rate. */
  readonly onePictureIsFilm?: boolean;
  readonly signal: AbortSignal;
};

/**
 * Yields the files below a folder, one folder after the other in the order of their names, without hidden ones. A link that
 * leads out of the folder is followed once, wherever it leads; one that leads to something in the folder is not followed,
 * because that is read at its own place.
 */
export async function* walkLibrary(root: string, options: LibraryOptions): AsyncGenerator<LibraryFolder> {
  const home = await realFolder(root);
  const except = await Promise.all(options.except.map((path) => identityOf(path)));
  const seen = new Set(except.filter((id) => id !== undefined));
  const own = options.own === undefined ? undefined : await identityOf(options.own);
  const walk: Walk = { home, seen, own, published: new Map(), stateOf: quickStat(), options };
  const rootId = await identityOf(home);
  if (rootId !== undefined && seen.has(rootId)) return;
  yield* folder({ path: home, tree: '', store: home }, walk);
}

type Walk = {
  readonly home: string;
  readonly seen: Set<string>;
  readonly own: string | undefined;
  /** The sizes of files that were published in the folders read so far. */
  readonly published: Map<string, number>;
  readonly stateOf: ReturnType<typeof quickStat>;
  readonly options: LibraryOptions;
};

/** A folder as it lies on the disk, its path in the library, and the root of the store that its files are in. */
type FolderPlace = { readonly path: string; readonly tree: string; readonly store: string };

type Unreadable = LibraryFolder['unreadable'][number];
/** `once` identifies what several links may lead to, and what is to be read once. */
type Found =
  | { readonly file: LibraryFile; readonly once?: string }
  | { readonly folder: FolderPlace; readonly once: string }
  | { readonly deadLink: string }
  | Unreadable
  | undefined;

async function* folder(place: FolderPlace, walk: Walk): AsyncGenerator<LibraryFolder> {
  walk.options.signal.throwIfAborted();
  const entries = await entriesOf(place);
  if ('failure' in entries) {
    yield { films: [], others: [], leftOut: 0, results: 0, deadLinks: [], unreadable: [entries] };
    return;
  }
  await notePublished(place, entries, walk);
  const all = await inParallel(entries.filter(isVisible), (entry) => look(entry, place, walk));
  const found = all.filter((each) => !each || !('once' in each) || isFirst(each.once, walk));
  const there = found.flatMap((each) => (each && 'file' in each ? [each.file] : []));
  const isResult = ({ folder: store, key, bytes }: LibraryFile) => walk.published.get(join(store, key)) === bytes;
  const results = walk.published.size > 0 ? there.filter(isResult) : [];
  const fewest = walk.options.onePictureIsFilm && place.tree === '' ? 1 : 2;
  const files = oneOfSequence(results.length > 0 ? there.filter((file) => !isResult(file)) : there, fewest);
  const wanted = files.filter(walk.options.isWanted);
  const isLeftOut = (file: LibraryFile) => fileKind(file.path) === 'film' && !walk.options.isWanted(file);
  const kinds = await inParallel(wanted, (file) => isFilm(file, walk.options));
  yield {
    films: wanted.filter((_, i) => kinds[i]),
    others: wanted.filter((_, i) => !kinds[i]),
    leftOut: files.filter(isLeftOut).length,
    results: results.filter(({ path }) => fileKind(path) === 'film').length,
    deadLinks: found.flatMap((each) => (each && 'deadLink' in each ? [each.deadLink] : [])),
    unreadable: found.flatMap((each) => (each && 'failure' in each ? [each] : [])),
  };
  for (const each of found) if (each && 'folder' in each) yield* folder(each.folder, walk);
}

async function entriesOf({ path, tree }: FolderPlace): Promise<readonly Dirent[] | Unreadable> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    return { path: tree, failure: readFailure(error, path) };
  }
}

const isVisible = ({ name }: Dirent) => !name.startsWith('.');

async function notePublished({ path }: FolderPlace, entries: readonly Dirent[], walk: Walk): Promise<void> {
  const names = entries.map(({ name }) => name);
  if (!names.includes(HIDDEN_FOLDER) && !names.includes('manifest.json')) return;
  if (walk.own !== undefined && (await identityOf(path)) === walk.own) return;
  for (const [file, bytes] of await publishedIn(path, names)) walk.published.set(file, bytes);
}

async function look(entry: Dirent, place: FolderPlace, walk: Walk): Promise<Found> {
  const path = join(place.path, entry.name);
  const tree = place.tree === '' ? entry.name : `${place.tree}/${entry.name}`;
  const fault = keyFault(tree);
  if (fault)
    return { path: tree, failure: new ServiceError('bad-input', `${JSON.stringify(tree)} ${fault}; rename it`) };
  try {
    if (entry.isSymbolicLink()) return await lookBehindLink(path, tree, walk);
    const stats = await walk.stateOf(path);
    if (!stats) return vanished(tree);
    if (stats.isDirectory())
      return folderAt({ path, tree, store: place.store }, idOf(await stat(path, { bigint: true })));
    return stats.isFile() ? { file: fileAt(path, tree, stats, place.store) } : undefined;
  } catch (error) {
    if (entry.isSymbolicLink() && MISSING.includes(codeOf(error))) return vanished(tree) ?? { deadLink: tree };
    return unseen(error, path, tree);
  }
}

async function lookBehindLink(path: string, tree: string, walk: Walk): Promise<Found> {
  const real = await realpath(path);
  if (isWithin(walk.home, real) || isWithin(real, walk.home)) return undefined;
  const stats = await stat(real, { bigint: true });
  if (stats.isDirectory()) return folderAt({ path: real, tree, store: real }, idOf(stats));
  return stats.isFile() ? { file: fileAt(real, tree, await stat(real), dirname(real)), once: idOf(stats) } : undefined;
}

function folderAt(place: FolderPlace, once: string): Found {
  const isLitter = companionOf(`${basename(place.path)}/x`)?.kind === 'litter';
  return isLitter ? undefined : { folder: place, once };
}

function isFirst(once: string | undefined, { seen }: Walk): boolean {
  if (once === undefined) return true;
  if (seen.has(once)) return false;
  seen.add(once);
  return true;
}

const idOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`;

const fileAt = (path: string, tree: string, stats: Stats, store: string): LibraryFile => ({
  path: tree,
  folder: store,
  key: relative(store, path).split(sep).join('/'),
  bytes: stats.size,
  modifiedMs: stats.mtimeMs,
  changedMs: stats.ctimeMs,
  inode: stats.ino,
});

/** Returns one film instead of all files of a folder that holds numbered pictures of one sequence and nothing else. */
function oneOfSequence(files: readonly LibraryFile[], fewest: number): readonly LibraryFile[] {
  const name = sequenceIn(
    files.map(({ path }) => basename(path)),
    fewest,
  );
  const [first] = files;
  if (name === undefined || !first) return files;
  const named = (path: string) => `${path.slice(0, path.length - basename(path).length)}${name}`;
  return [
    {
      ...first,
      path: named(first.path),
      key: named(first.key),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      modifiedMs: Math.max(...files.map(({ modifiedMs }) => modifiedMs)),
      changedMs: Math.max(...files.map(({ changedMs }) => changedMs)),
    },
  ];
}

async function isFilm({ path, folder: store, key }: LibraryFile, options: LibraryOptions): Promise<boolean> {
  if (sequencePattern(basename(path))) return true;
  if (companionOf(path)) return false;
  const kind = fileKind(path);
  return kind === 'film' || (kind === 'unknown' && (await options.isFilm(join(store, key))));
}

/** Returns why something cannot be read; undefined if it has vanished meanwhile. */
const unseen = (error: unknown, path: string, tree: string): Found =>
  MISSING.includes(codeOf(error)) ? vanished(tree) : { path: tree, failure: readFailure(error, path) };

function vanished(tree: string): Found {
  // readdir replaces bytes that are not UTF-8 by U+FFFD, and no file has the resulting name.
  const failure = new ServiceError('bad-input', `the name of ${JSON.stringify(tree)} is not UTF-8; rename it`);
  return tree.includes('\uFFFD') ? { path: tree, failure } : undefined;
}

async function identityOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && idOf(stats);
}

function isWithin(home: string, path: string): boolean {
  const way = relative(home, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

const AT_ONCE = 32;

/** Calls `look` for all, a few at a time, so that a large folder opens few files at once. */
async function inParallel<T, R>(all: readonly T[], look: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(all.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) {
      const each = all[at];
      if (each !== undefined) results[at] = await look(each);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
