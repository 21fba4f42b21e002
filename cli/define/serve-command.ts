import { type Command, Option } from 'commander';
import { CACHE, QUIET, VERBOSE } from './share-options.ts';

/** Adds the command `serve`. `exit` receives its exit code. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('serve')
    .description('pages for this machine alone: drop films, watch them being made, play and download what came out')
    .argument('[root]', 'the folder of films, which is made if it is not there (default: Reelmill in the home folder)')
    .addOption(new Option('--port <n>', 'the port; 0 takes any free one').default('8370'))
    .option('--no-open', 'do not open the browser')
    .option('--work <dir>', 'pieces, cache and job table (default: ROOT/.reelmill/work)')
    .option(...CACHE)
    .option(...QUIET)
    .option(...VERBOSE)
    .option('--json', 'one JSON object a line on stdout; the first has the address')
    .addHelpText('after', EXAMPLES)
    .action(async (root: string | undefined, options) =>
      exit(await (await import('../commands/serve.ts')).serve(root, options)),
    );
}

const EXAMPLES = `
Examples:
  reelmill serve
  reelmill serve ~/mill --port 9000 --no-open`;
