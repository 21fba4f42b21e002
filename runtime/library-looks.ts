import { setTimeout as sleep } from 'node:timers/promises';
import { versionOf } from '../adapters/local/settling.ts';
import { ServiceError } from '../core/errors.ts';
import { mayBeAnimated } from '../core/library/file-kind.ts';
import type { FileFacts } from '../core/library/library-filter.ts';
import { openLibrary } from './library.ts';

type LooksOptions = {
  /** Folders that are not read. */
  readonly except: readonly string[];
  isAsked(file: FileFacts): boolean;
  /** Whether to end after the films that are there now. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  report(message: string): void;
  /** Receives once how many pictures were there from the beginning that may be animated, which are not watched for. */
  passedOver(pictures: number): void;
};

/** A file's age proves nothing, because the clock of a network drive may be behind ours: it has to look the same twice. */
const SETTLE_MS = 2000;
const LOOK_MS = 5000;
/** A look at a large library takes a while; this share of the time is spent looking, at most. */
const MOST_LOOKING = 1 / 20;

/**
 * Yields the paths of films below a folder that have stopped growing and are new or changed since they were yielded, until it
 * is aborted. It looks again and again, since drives in a network tell of no changes. Throws `no-input` without the folder.
 */
export async function* settledFilms(folder: string, options: LooksOptions): AsyncGenerator<ReadonlySet<string>> {
  const { once, signal } = options;
  const yielded = new Map<string, string>();
  let before = new Map<string, string>();
  for (let looks = 1; !signal.aborted; looks++) {
    const start = performance.now();
    const now = new Map<string, string>();
    let pictures = 0;
    const isSettled = (file: FileFacts) => {
      const version = versionOf(file);
      now.set(file.path, version);
      if (looks === 1 && mayBeAnimated(file.path) && options.isAsked(file)) pictures++;
      return options.isAsked(file) && before.get(file.path) === version && yielded.get(file.path) !== version;
    };
    const settled = new Set<string>();
    try {
      for await (const { films } of openLibrary(folder, { ...options, isWanted: isSettled }))
        for (const { path } of films) settled.add(path);
    } catch (error) {
      if (signal.aborted) return;
      if (looks === 1 || once || !(error instanceof ServiceError)) throw error;
      options.report(`${error.message}; it is looked at again and again`); // a drive may come back
    }
    if (pictures > 0) options.passedOver(pictures);
    const spent = performance.now() - start;
    for (const path of settled) yielded.set(path, now.get(path) ?? '');
    if (settled.size > 0) yield settled;
    const isAllSettled = [...now].every(([path, version]) => before.get(path) === version);
    if (once && looks > 1 && isAllSettled) return;
    const pause = looks === 1 || once ? SETTLE_MS : Math.max(LOOK_MS, spent / MOST_LOOKING);
    before = now;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
