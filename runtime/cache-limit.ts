import { sizeOf } from '../core/library/library-filter.ts';
import { localConfig } from './config.ts';
import type { LocalPorts } from './local-ports.ts';
import { pruneWork } from './work-usage.ts';

/**
 * Returns a function that removes pieces beyond the size that `--cache` or REELMILL_CACHE allows, to be called when a job is done. Without
 * either it does nothing. Throws `usage` for a size that cannot be read.
 */
export function cacheLimit(
  work: string,
  { jobs }: Pick<LocalPorts, 'jobs'>,
  asked: string | undefined,
): () => Promise<void> {
  const size = asked ?? localConfig().cacheSize;
  if (size === undefined) return async () => {};
  const mostBytes = sizeOf(asked === undefined ? 'REELMILL_CACHE' : '--cache', size);
  return async () => {
    await pruneWork(work, jobs, { mostBytes, orphaned: false, dryRun: false });
  };
}
