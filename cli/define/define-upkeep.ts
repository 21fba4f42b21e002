import type { Command } from 'commander';
import type { CommandGroup } from './command-group.ts';
import { JSON_LINES } from './share-options.ts';

type Undo = CommandGroup<typeof import('../commands/undo.ts')>;
type Originals = CommandGroup<typeof import('../commands/originals.ts')>;
type Prune = CommandGroup<typeof import('../commands/prune.ts')>;

/** Adds the description, the arguments and the options of `undo` to its command. */
export const defineUndo = (command: Command, { load, exit }: Undo): Command =>
  command
    .description('put back what --replace put aside, of a folder or of one job')
    .argument('[folder or job]', 'the folder, or the id of a job, or the beginning of it (default: this folder)')
    .option('--in <dir>', 'the folder of the job (default: this folder)')
    .option('--yes', 'for scripts; undo asks nothing anyway')
    .option(...JSON_LINES)
    .action(async (what: string | undefined, options) => exit(await (await load()).undo(what, options)));

/** Adds the description, the arguments and the options of `originals` to its command. */
export const defineOriginals = (command: Command, { load, exit }: Originals): Command =>
  command
    .description('list what --replace put aside, or delete it to free its space')
    .argument('[folder]', 'the folder (default: this folder)')
    .option('--older-than <time>', 'only what was put aside earlier, as 30d')
    .option('--delete', 'delete them, after a confirmation')
    .option('--yes', 'delete without asking')
    .option('--json', 'JSON on stdout')
    .action(async (folder: string | undefined, options) => exit(await (await load()).originals(folder, options)));

/** Adds the description, the arguments and the options of `prune` to its command. */
export const definePrune = (command: Command, { load, exit }: Prune): Command =>
  command
    .description('remove pieces and leftovers of finished work; no result and no original is touched')
    .argument('[out]', 'the folder of results (default: this folder)')
    .option('--work <dir>', 'its work folder, if it lies elsewhere')
    .option('--older-than <time>', 'pieces that were made earlier, as 30d')
    .option('--max-size <size>', 'as many pieces as are beyond this size, as 50G; those of published jobs first')
    .option('--orphaned', 'what killed processes left')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'JSON on stdout')
    .action(async (out: string | undefined, options) => exit(await (await load()).prune(out, options)));
