import { resolve } from 'node:path';
import process from 'node:process';
import { ServiceError, usage } from '../../core/errors.ts';
import { counted, formatBytes } from '../../core/format.ts';
import { sizeOf, spanOf } from '../../core/library/library-filter.ts';
import { openJobs } from '../../runtime/local-ports.ts';
import { existingWorkFolder } from '../../runtime/work-folder.ts';
import { pruneWork, workUsage } from '../../runtime/work-usage.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

export type PruneOptions = {
  readonly work?: string;
  readonly olderThan?: string;
  readonly maxSize?: string;
  readonly orphaned?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

/** The folder of results, unless a work folder alone was named. */
const resultsOf = (out: string | undefined, { work }: PruneOptions) =>
  out === undefined && work !== undefined ? {} : { results: resolve(out ?? '.') };

/** Removes pieces and leftovers from the work folder of a folder of results. No result, original or job is touched. */
export async function prune(out: string | undefined, options: PruneOptions): Promise<number> {
  const { olderThan, maxSize, orphaned = false, dryRun = false, json } = options;
  if (olderThan === undefined && maxSize === undefined && !orphaned)
    throw usage('say what to remove: --older-than 30d, --max-size 50G or --orphaned');
  const limits = {
    ...(olderThan !== undefined && { madeBeforeMs: Date.now() - spanOf('--older-than', olderThan) }),
    ...(maxSize !== undefined && { mostBytes: sizeOf('--max-size', maxSize) }),
  };
  const found = existingWorkFolder(options.work ?? out ?? '.');
  if ('why' in found) throw new ServiceError('no-input', found.why);
  const jobs = openJobs(found.path);
  try {
    const pruned = await pruneWork(found.path, jobs, { ...limits, orphaned, dryRun, ...resultsOf(out, options) });
    if (pruned === 'busy')
      throw new ServiceError('busy', `a job is being worked on in ${found.path}; prune when it is done`);
    const left = await workUsage(found.path);
    if (json) process.stdout.write(`${JSON.stringify({ type: 'pruned', dryRun, ...pruned, left })}\n`);
    const verb = dryRun ? 'would be removed' : 'removed';
    say(
      `${counted(pruned.files, 'file')} (${formatBytes(pruned.bytes)}) ${verb} from ${printable(resolve(found.path))}; it takes ${formatBytes(left.pieces + left.orphaned + left.other)} now`,
    );
    return 0;
  } finally {
    jobs.close();
  }
}
