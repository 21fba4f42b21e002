import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import { INPUT_PREFIX } from '../../core/job/drop.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { throwIfAborted } from './abort.ts';
import { type FolderDropOptions, type FolderDrops, openFolderDrops } from './folder-drops.ts';
import { pathInside } from './path-inside.ts';

type FolderWatchOptions = FolderDropOptions & {
  /** Whether to scan the folder repeatedly, for drives whose changes the system does not report. */
  readonly usePolling?: boolean;
};

const SHORTEST_POLL_MS = 200;
/** The system may miss changes (its queue is full, or a folder is filled while it is made), so the folder is scanned too. */
const RESCAN_MS = 60_000;
const INPUT = INPUT_PREFIX.slice(0, -1);

/** Reports drops in `root/input/`, those there now and later ones, until it is aborted. */
export async function watchFolder(root: string, options: FolderWatchOptions): Promise<void> {
  const drops = await openFolderDrops(root, options);
  await makeInput(drops.home);
  if (!options.usePolling) await watchUntilExhausted(drops);
  await rescan(drops, drops.signal, Math.max(drops.stableMs, SHORTEST_POLL_MS));
  drops.throwIfFailed();
}

/**
 * Reports the drops that are in `root/input/` now, and waits for files that are still being copied. Throws if it is aborted
 * before.
 */
export async function scanFolder(root: string, options: FolderDropOptions): Promise<void> {
  const drops = await openFolderDrops(root, options);
  await Promise.all(await drops.scan(INPUT_PREFIX));
  drops.throwIfFailed();
  throwIfAborted(options.signal);
}

async function makeInput(home: string): Promise<void> {
  try {
    await makeFolder(await pathInside(home, INPUT));
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

/** Returns when it is aborted, or when the system refuses to watch more files. */
async function watchUntilExhausted(drops: FolderDrops): Promise<void> {
  const exhausted = new AbortController();
  const watcher = watchTree(drops, () => exhausted.abort());
  try {
    await rescan(drops, AbortSignal.any([drops.signal, exhausted.signal]), RESCAN_MS);
  } finally {
    await watcher.close();
  }
}

/** Watches the root rather than `input/`, so that it finds an `input/` that is removed and made again. */
function watchTree(drops: FolderDrops, onExhausted: () => void): FSWatcher {
  const { home, report, see } = drops;
  const keyOf = (path: string) => relative(home, path).split(sep).join('/');
  const isBeside = (key: string) => key !== '' && key !== INPUT && !key.startsWith(INPUT_PREFIX);
  const isHidden = (key: string) => key.split('/').some((part) => part.startsWith('.'));
  const ignored = (path: string) => isBeside(keyOf(path)) || isHidden(keyOf(path));

  // Files that come before the watcher is ready are not reported, so the folder is scanned then.
  return watch(home, { ignored, ignoreInitial: true, followSymlinks: false, atomic: false })
    .on('add', (path) => void see(keyOf(path)))
    .on('change', (path) => void see(keyOf(path)))
    .on('unlink', (path) => void see(keyOf(path)))
    .on('ready', () => void drops.scan(INPUT_PREFIX))
    .on('addDir', (path) => void scanOnceWatched(drops, keyOf(path)))
    .on('error', (error) => {
      const isExhausted = ['ENOSPC', 'EMFILE'].includes(codeOf(error) ?? '');
      if (isExhausted)
        report(`the system cannot watch all of ${home} (${codeOf(error)}); scanning it repeatedly instead`);
      else report(`cannot watch a part of ${home}: ${codeOf(error) ?? error}`);
      if (isExhausted) onExhausted();
    });
}

/** Scans a new folder, because files that came before it was watched are not reported. */
async function scanOnceWatched(drops: FolderDrops, key: string): Promise<void> {
  await sleep(drops.stableMs, undefined, { signal: drops.signal }).catch(() => undefined);
  if (!drops.signal.aborted) await drops.scan(key === '' ? INPUT_PREFIX : `${key}/`);
}
