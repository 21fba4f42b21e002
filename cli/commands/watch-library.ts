import { resolve } from 'node:path';
import { ServiceError, usage } from '../../core/errors.ts';
import { libraryFilter } from '../../core/library/library-filter.ts';
import { scheduleOf } from '../../core/schedule.ts';
import { settledFilms } from '../../runtime/library-looks.ts';
import { keepPace } from '../../runtime/pace.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { passedOver } from '../films/others-of.ts';
import { newTeller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { type RunCommandOptions, run } from './run.ts';

export type WatchLibraryOptions = Omit<RunCommandOptions, 'recipe' | 'out'> & {
  readonly recipe?: readonly string[];
  readonly out?: string;
  readonly once?: boolean;
  readonly schedule?: string;
};

/**
 * Runs recipes on the films of a library where they lie, those there now and those that come or change later, each when it has
 * stopped growing. Returns the exit code of the first failure with --once, otherwise 130 when it is stopped.
 */
export async function watchLibrary(
  library: string,
  root: string | undefined,
  { once = false, schedule, recipe, out, replace = false, yes = false, ...options }: WatchLibraryOptions,
): Promise<number> {
  if (root !== undefined) throw usage(`give a folder with input/ or --library, not both: ${root} and ${library}`);
  if (recipe === undefined || (out === undefined) !== replace)
    throw usage(
      `--library ${library} needs --recipe R, what to make of its films, and either --out DIR, where to put it, or --replace`,
    );
  if (replace && !yes) throw usage('--replace needs --yes here: nobody is asked while a library is watched');
  const hours = schedule === undefined ? undefined : scheduleOf(schedule);
  const folder = resolve(library);
  const signal = interruptSignal();
  const { say } = newTeller({ quiet: options.quiet, verbose: options.verbose });
  const told = new Set<string>();
  const report = (message: string) => {
    if (!told.has(message)) say(message);
    told.add(message);
  };
  const results = resolve(out ?? library);
  const work = workFolderOf(results, options.work, say);
  keepPace({ work, schedule: hours, signal, report: say });
  if (!once) say(`watching ${printable(folder)}; Ctrl-C ends`);
  const isAsked = libraryFilter(options, Date.now());
  const looks = settledFilms(folder, {
    except: results === folder ? [work] : [results, work],
    isAsked,
    once,
    signal,
    report,
    passedOver: (pictures) => report(passedOver(pictures)),
  });
  let exitCode = 0;
  for await (const films of looks) {
    const isWanted = ({ path }: { readonly path: string }) => films.has(path);
    const code = await run(
      [folder],
      { ...options, recipe, work, ...(out === undefined ? { replace, yes } : { out }) },
      { signal, isWanted },
    );
    exitCode ||= code;
    if (signal.aborted) break;
  }
  if (signal.aborted) return new ServiceError('interrupted', 'stopped').exitCode;
  return exitCode;
}
