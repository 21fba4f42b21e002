import type { Command } from 'commander';
import { collect, collectSettings } from '../arguments/collect.ts';
import { AT_ONCE, CACHE, CORES, JSON_LINES, NICE, QUIET, REMAKE, VERBOSE } from './share-options.ts';

/** Adds the command `watch`. `exit` receives its exit code. */
export function addWatchCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('watch')
    .description(
      'watch a folder: files in ROOT/input/<recipe>/ become results in ROOT/output/<recipe>/; or a library where it lies',
    )
    .argument('[root]', 'the folder')
    .option('--once', 'process the files that are there now, then end')
    .option('--schedule <hours>', 'work in these hours alone, as 22:00-07:00; what is begun pauses outside of them')
    .option('--work <dir>', 'pieces, cache and job table (default: ROOT/.reelmill/work)')
    .option(
      '--library <folder>',
      'instead of ROOT: films are taken where they lie, with --recipe, and --out or --replace',
    )
    .option('--recipe <names>', 'with --library: what to make of them', collect)
    .option('--out <dir>', 'with --library: the folder of results')
    .option('--replace', 'with --library: put films in the place of their sources, which are put aside; needs --yes')
    .option('--yes', 'with --replace: nobody is asked')
    .option('--set <key=value>', 'with --library: a setting of the recipe; may be given again', collectSettings, [])
    .option('--include <glob>', 'with --library: only files that match; may be given again', collect)
    .option('--exclude <glob>', 'with --library: no files that match; may be given again', collect)
    .option('--min-size <size>', 'with --library: no smaller files, as 50M')
    .option('--root <dir>', 'with --library: a folder whose recipes.json adds recipes, mixes and models')
    .option(...REMAKE)
    .option(...CACHE)
    .option(...CORES)
    .option(...AT_ONCE)
    .option(...NICE)
    .option(...QUIET)
    .option(...VERBOSE)
    .option(...JSON_LINES)
    .addHelpText('after', EXAMPLES)
    .action(async (root: string | undefined, { library, ...options }) => {
      if (library === undefined) exit(await (await import('../commands/watch.ts')).watch(root, options));
      else exit(await (await import('../commands/watch-library.ts')).watchLibrary(library, root, options));
    });
}

const EXAMPLES = `
Examples:
  reelmill watch ~/mill
  reelmill watch /mnt/archive --once
  reelmill watch ~/mill --schedule 22:00-07:00
  reelmill watch --library ~/Videos --recipe preserve --out ~/archive`;
