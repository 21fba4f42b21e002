import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import { INPUT_PREFIX } from '../../core/job/drop.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { throwIfAborted } from './abort.ts';
import { type FolderDropOptions, type FolderDrops, openFolderDrops } from './folder-drops.ts';
import { pathInside } from './path-inside.ts';

export type FolderWatchOptions = FolderDropOptions & {
  /** Looks again and again: for drives whose changes the system does not tell. */
  readonly usePolling?: boolean;
};

const SHORTEST_POLL_MS = 200;
/** The system's word is only a hint: a full queue, or a folder filled while it is made, goes untold. */
const RESCAN_MS = 60_000;
const INPUT = INPUT_PREFIX.slice(0, -1);

/** Reports what is dropped into `root/input/`, and what lies there already, until it is aborted. */
export async function watchFolder(root: string, options: FolderWatchOptions): Promise<void> {
  const drops = await openFolderDrops(root, options);
  await makeInput(drops.home);
  if (!options.usePolling) await watchUntilExhausted(drops);
  await rescan(drops, drops.signal, Math.max(drops.stableMs, SHORTEST_POLL_MS));
  drops.throwIfFailed();
}

/**
 * Reports what lies in `root/input/` now, waiting for files that are still being copied, and ends. Throws when aborted
 * before that.
 */
export async function scanFolder(root: string, options: FolderDropOptions): Promise<void> {
  const drops = await openFolderDrops(root, options);
  await Promise.all(await drops.scan(INPUT_PREFIX));
  drops.throwIfFailed();
  throwIfAborted(options.signal);
}

async function makeInput(home: string): Promise<void> {
  try {
    await mkdir(await pathInside(home, INPUT), { recursive: true });
  } catch (error) {
    throw writeFailure(error, join(home, INPUT));
  }
}

async function rescan(drops: FolderDrops, until: AbortSignal, everyMs: number): Promise<void> {
  while (!until.aborted) {
    await drops.scan(INPUT_PREFIX);
    await sleep(everyMs, undefined, { signal: until }).catch(() => undefined);
  }
}

/** Returns when aborted, or when the system watches no more files for us. */
async function watchUntilExhausted(drops: FolderDrops): Promise<void> {
  const exhausted = new AbortController();
  const watcher = watchTree(drops, () => exhausted.abort());
  try {
    await rescan(drops, AbortSignal.any([drops.signal, exhausted.signal]), RESCAN_MS);
  } finally {
    await watcher.close();
  }
}

/** The root is watched, not `input/`, so that an `input/` which is removed and made again is found. */
function watchTree(drops: FolderDrops, onExhausted: () => void): FSWatcher {
  const { home, report, see } = drops;
  const keyOf = (path: string) => relative(home, path).split(sep).join('/');
  const isBeside = (key: string) => key !== '' && key !== INPUT && !key.startsWith(INPUT_PREFIX);
  const isHidden = (key: string) => key.split('/').some((part) => part.startsWith('.'));
  const ignored = (path: string) => isBeside(keyOf(path)) || isHidden(keyOf(path));

  // What came before it was ready is told by nobody: it was not watched yet, or taken for what had always been there.
  return watch(home, { ignored, ignoreInitial: true, followSymlinks: false, atomic: false })
    .on('add', (path) => void see(keyOf(path)))
    .on('change', (path) => void see(keyOf(path)))
    .on('unlink', (path) => void see(keyOf(path)))
    .on('ready', () => void drops.scan(INPUT_PREFIX))
    .on('addDir', (path) => void scanOnceWatched(drops, keyOf(path)))
    .on('error', (error) => {
      const isExhausted = ['ENOSPC', 'EMFILE'].includes(codeOf(error) ?? '');
      if (isExhausted)
        report(`the system cannot watch all of ${home} (${codeOf(error)}); looking again and again instead`);
      else report(`cannot watch a part of ${home}: ${codeOf(error) ?? error}`);
      if (isExhausted) onExhausted();
    });
}

/** What came into a new folder before it was watched goes untold. */
async function scanOnceWatched(drops: FolderDrops, key: string): Promise<void> {
  await sleep(drops.stableMs, undefined, { signal: drops.signal }).catch(() => undefined);
  if (!drops.signal.aborted) await drops.scan(key === '' ? INPUT_PREFIX : `${key}/`);
}
