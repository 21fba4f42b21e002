import { join, resolve } from 'node:path';
import { ServiceError, usage } from '../../core/errors.ts';
import { scheduleOf } from '../../core/schedule.ts';
import { cacheLimit } from '../../runtime/cache-limit.ts';
import { requireInput } from '../../runtime/local-drops.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { keepPace } from '../../runtime/pace.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { filmsAsked } from '../films/films-asked.ts';
import { watchedFolder } from '../films/watched-folder.ts';
import { newTeller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

export type WatchCommandOptions = {
  readonly once?: boolean;
  readonly schedule?: string;
  readonly work?: string;
  readonly cache?: string;
  readonly atOnce?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

/**
 * Runs jobs of a folder, small films beside each other and large ones with the whole machine, the waiting job with the highest
 * priority first. Returns the exit code of the first failure with --once, otherwise 0.
 */
export async function watch(folder: string | undefined, options: WatchCommandOptions): Promise<number> {
  if (folder === undefined) throw usage('give the folder that has input/, or --library FOLDER with --recipe and --out');
  const schedule = options.schedule === undefined ? undefined : scheduleOf(options.schedule);
  const root = resolve(folder);
  const { once = false } = options;
  const films = filmsAsked(options.atOnce);
  const signal = interruptSignal();
  await requireInput(root);
  const teller = newTeller(options);
  const work = workFolderOf(root, options.work, teller.say);
  const local = await openLocal(work, signal, teller.say, root);
  keepPace({ work, schedule, signal, report: teller.say });
  const onMade = cacheLimit(work, local, options.cache);
  const { here, watch: takeDrops } = watchedFolder(root, {
    local,
    teller,
    signal,
    once,
    remake: options.remake,
    films,
    onMade,
  });
  try {
    if (!once) teller.say(`watching ${printable(join(root, 'input'))}/<recipe>/; Ctrl-C ends`);
    await takeDrops();
  } finally {
    teller.end(once ? { reports: undefined, work: undefined } : undefined);
    await local.close();
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return once ? here.exitCode() : 0;
}
