import type { Command } from 'commander';
import type { CommandGroup } from './command-group.ts';

type Undo = CommandGroup<typeof import('./commands/undo.ts')>;
type Originals = CommandGroup<typeof import('./commands/originals.ts')>;

export const defineUndo = (command: Command, { load, exit }: Undo): Command =>
  command
    .argument('[folder or job]', 'the folder, or the id of a job, or the beginning of it (default: this folder)')
    .option('--in <dir>', 'the folder of the job (default: this folder)')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (what: string | undefined, options) => exit(await (await load()).undo(what, options)));

export const defineOriginals = (command: Command, { load, exit }: Originals): Command =>
  command
    .argument('[folder]', 'the folder (default: this folder)')
    .option('--older-than <time>', 'only what was put aside earlier, as 30d')
    .option('--delete', 'delete them, after a confirmation')
    .option('--yes', 'delete without asking')
    .option('--json', 'JSON on stdout')
    .action(async (folder: string | undefined, options) => exit(await (await load()).originals(folder, options)));
