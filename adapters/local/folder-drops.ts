import { setMaxListeners } from 'node:events';
import { realpath } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { dropFromKey, INPUT_PREFIX } from '../../core/job/drop.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { readFailure } from '../../core/system-failure.ts';
import { folderStore } from './folder-store.ts';
import { settling } from './settling.ts';
import { walkFolder } from './walk-folder.ts';

export type FolderDropOptions = {
  readonly signal: AbortSignal;
  /** A file below `input/` that has stopped growing: once for each version of it. Ignored names are left out. */
  readonly onDrop: (file: ObjectInfo) => void;
  /** Is told, once for each, of what lies there and cannot be a drop, and of what the system refused. */
  readonly report: (message: string) => void;
  /** How long size and time of change have to stay the same; 2 s unless told. */
  readonly stableMs?: number;
};

export type FolderDrops = {
  /** The folder itself, links resolved. */
  readonly home: string;
  readonly stableMs: number;
  /** Aborted by the caller, or with what went wrong. */
  readonly signal: AbortSignal;
  /** Something may have happened to this file. Resolves once it is known what became of it; never rejects. */
  see(key: string): Promise<void>;
  /** Sees every file under a prefix; its promises are those of `see`. Never rejects. */
  scan(prefix: string): Promise<readonly Promise<void>[]>;
  readonly report: (message: string) => void;
  throwIfFailed(): void;
};

const STABLE_MS = 2_000;

/** The drops below `root/input/`. Throws `no-input` if there is no folder `root`. */
export async function openFolderDrops(root: string, options: FolderDropOptions): Promise<FolderDrops> {
  const { stableMs = STABLE_MS, onDrop } = options;
  const home = await realFolder(root);
  const store = folderStore(home);
  const report = once(options.report);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  setMaxListeners(0, signal); // one for each file that settles

  const explain = (error: unknown) => {
    if (error instanceof ServiceError) report(error.message);
    else failed.abort(error);
    return undefined;
  };
  const look = (key: string) => store.head(key).catch(explain);
  const files = settling({ stableMs, signal, look, onStable: onDrop });

  const see = async (key: string) => {
    if (dropFromKey(key).kind !== 'ignored') await files.see(key).catch(explain);
  };

  const scan = async (prefix: string) => {
    const there = new Map<string, Promise<void>>();
    try {
      for await (const found of walkFolder(home, prefix)) {
        if (found.kind === 'object') there.set(found.info.key, see(found.info.key));
        else if (found.kind === 'unreadable') explain(found.failure);
        else if (dropFromKey(found.key).kind !== 'ignored')
          report(`${JSON.stringify(found.key)} is passed over: ${found.why}`);
      }
    } catch (error) {
      explain(readFailure(error, home));
    }
    // A file that is gone may come back as it was.
    if (prefix === INPUT_PREFIX) for (const key of files.reported()) if (!there.has(key)) void see(key);
    return [...there.values()];
  };

  return { home, stableMs, signal, see, scan, report, throwIfFailed: () => failed.signal.throwIfAborted() };
}

async function realFolder(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw readFailure(error, root);
  }
}

function once(report: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    report(message);
  };
}
