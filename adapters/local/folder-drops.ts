import { setMaxListeners } from 'node:events';
import { ServiceError } from '../../core/errors.ts';
import { dropFromKey, INPUT_PREFIX } from '../../core/job/drop.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { readFailure } from '../../core/system-failure.ts';
import { folderStore } from './folder-store.ts';
import { realFolder } from './real-folder.ts';
import { settling, type Wait } from './settling.ts';
import { walkFolder } from './walk-folder.ts';

export type FolderDropOptions = {
  readonly signal: AbortSignal;
  /** Is called once for each version of a file below `input/`, when it has stopped growing. Ignored names are left out. */
  readonly onDrop: (file: ObjectInfo) => void;
  /** Is called once for each file that cannot be a drop, and for each error of the system. */
  readonly report: (message: string) => void;
  /** How long a file's size and time of change have to stay the same; 2 s by default. */
  readonly stableMs?: number;
  /** How it waits for that long; by a timer by default. */
  readonly wait?: Wait;
};

export type FolderDrops = {
  /** The path of the folder, with links resolved. */
  readonly home: string;
  readonly stableMs: number;
  /** Aborts when the caller's signal does, or with the first failure. */
  readonly signal: AbortSignal;
  /** Looks at a file that may have changed. Resolves when the file was reported, or has gone; never rejects. */
  see(key: string): Promise<void>;
  /** Calls `see` for every file under a prefix, and returns its promises. Never rejects. */
  scan(prefix: string): Promise<readonly Promise<void>[]>;
  readonly report: (message: string) => void;
  throwIfFailed(): void;
};

const STABLE_MS = 2_000;

/** Finds drops below `root/input/`. Throws `no-input` if there is no folder `root`. */
export async function openFolderDrops(root: string, options: FolderDropOptions): Promise<FolderDrops> {
  const { stableMs = STABLE_MS, onDrop } = options;
  const home = await realFolder(root);
  const store = folderStore(home);
  const report = once(options.report);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  setMaxListeners(0, signal); // there is one for each file that is being watched until it stops growing

  const explain = (error: unknown) => {
    if (error instanceof ServiceError) report(error.message);
    else failed.abort(error);
    return undefined;
  };
  const look = (key: string) => store.head(key).catch(explain);
  const files = settling({ stableMs, signal, wait: options.wait, look, onStable: onDrop });

  const see = async (key: string) => {
    if (dropFromKey(key).kind !== 'ignored') await files.see(key).catch(explain);
  };

  const scan = async (prefix: string) => {
    const there = new Map<string, Promise<void>>();
    try {
      for await (const found of walkFolder(home, prefix)) {
        if (found.kind === 'object') there.set(found.info.key, see(found.info.key));
        else if (found.kind === 'unreadable') explain(found.failure);
        else if (dropFromKey(found.key).kind !== 'ignored') report(found.why);
      }
    } catch (error) {
      explain(readFailure(error, home));
    }
    // A file that has gone may come back unchanged.
    if (prefix === INPUT_PREFIX) for (const key of files.reported()) if (!there.has(key)) void see(key);
    return [...there.values()];
  };

  return { home, stableMs, signal, see, scan, report, throwIfFailed: () => failed.signal.throwIfAborted() };
}

function once(report: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    report(message);
  };
}
