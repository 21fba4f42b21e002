import { type Command, Option } from 'commander';
import { ENDPOINT, REGION, STAGE } from '../stage/stage-options.ts';
import { CACHE, JSON_LINES, QUIET, REMAKE, VERBOSE } from './share-options.ts';

/** Adds the commands for jobs, of a folder or of a deployed stage. `exit` receives each one's exit code. */
export function addJobCommands(program: Command, exit: (code: number) => void): void {
  const table = (command: Command, ...examples: readonly string[]) =>
    command
      .argument('[out]', 'the folder of results')
      .option('--work <dir>', 'the folder of results (--out of run, ROOT of watch), or its work folder')
      .option(...STAGE)
      .option(...REGION)
      .option(...ENDPOINT)
      .option(...JSON_LINES)
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  reelmill ${example}`).join('\n')}`);

  table(
    program.command('jobs').description('list jobs, newest first'),
    'jobs ~/archive',
    'jobs --stage prod --limit 500',
  )
    .addOption(new Option('--limit <n>', 'how many jobs').default('50'))
    .action(async (out: string | undefined, options) =>
      exit(await (await import('../commands/jobs.ts')).jobs(at(options, out))),
    );
  table(
    program
      .command('show')
      .description('show one job')
      .argument(...ID),
    'show 3f2a9c01 ~/archive',
    'show 3f2a9c01 --stage prod',
  ).action(async (job: string, out: string | undefined, options) =>
    exit(await (await import('../commands/jobs.ts')).show(job, at(options, out))),
  );
  table(
    program
      .command('retry')
      .description('try a job again: here, or with --stage where the stage works')
      .argument(...ID),
    'retry 3f2a9c01 ~/archive',
    'retry 3f2a9c01 --stage prod',
  )
    .option(...REMAKE)
    .option(...CACHE)
    .option(...QUIET)
    .option(...VERBOSE)
    .action(async (job: string, out: string | undefined, options) =>
      exit(await (await import('../commands/retry.ts')).retry(job, at(options, out))),
    );
  table(
    program
      .command('cancel')
      .description('end the work on a job, whoever does it; its finished pieces are kept')
      .argument(...ID),
    'cancel 3f2a9c01 ~/archive',
    'cancel 3f2a9c01 --stage prod',
  )
    .option(...QUIET)
    .action(async (job: string, out: string | undefined, options) =>
      exit(await (await import('../commands/cancel.ts')).cancel(job, at(options, out))),
    );
  table(
    program
      .command('ask')
      .description('count a request for a rendition, and make the rendition if it was deferred')
      .argument(...ID)
      .argument('<rendition>', 'its name, as hd'),
    'ask 3f2a9c01 hd ~/archive',
    'ask 3f2a9c01 hd --downloads 3 --stage prod',
  )
    .option('--views <n>', 'the number of views to count (1 without either option)')
    .option('--downloads <n>', 'the number of downloads to count')
    .option(...CACHE)
    .option(...QUIET)
    .option(...VERBOSE)
    .action(async (job: string, rendition: string, out: string | undefined, options) =>
      exit(await (await import('../commands/retry.ts')).ask(job, rendition, at(options, out))),
    );
}

const ID = ['<job>', 'its id, or the beginning of it'] as const;

/** The folder of results is given as an argument or as an option. */
const at = <T extends { readonly work?: string }>(options: T, out: string | undefined) => ({
  ...options,
  work: options.work ?? out,
});
