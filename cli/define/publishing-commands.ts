import { type Command, Option } from 'commander';

/** Adds the commands that show results to others. `exit` receives each one's exit code. */
export function addPublishingCommands(program: Command, exit: (code: number) => void): void {
  program
    .command('thumbnails')
    .description('serve thumbnails of the films in ROOT/output at http://127.0.0.1')
    .argument('<root>', 'the folder that watch works on')
    .addOption(new Option('--port <n>', 'the port; 0 takes any free one').default('8360'))
    .option('--work <dir>', 'the work folder, whose cache keeps thumbnails (default: ROOT/.reelmill/work)')
    .action(async (root: string, options) =>
      exit(await (await import('../commands/thumbnails.ts')).thumbnails(root, options)),
    );

  program
    .command('gallery')
    .description('make static pages of published films, to put on the web or to open from a folder')
    .argument('<out>', 'the folder of results: what --out of run was, or a folder that watch works on')
    .requiredOption('--to <dir>', 'the folder of the gallery; a new one, or one of an earlier gallery')
    .option('--recipe <list>', 'only the results of these recipes, as ladder,preserve')
    .option('--title <text>', 'the heading', 'Films')
    .option('--json', 'one JSON object on stdout')
    .action(async (out: string, options) => exit(await (await import('../commands/gallery.ts')).gallery(out, options)));
}
