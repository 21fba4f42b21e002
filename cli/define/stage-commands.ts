import type { Command } from 'commander';
import { collectSettings } from '../arguments/collect.ts';
import { ENDPOINT, REGION } from '../stage/stage-options.ts';
import { JSON_LINES, QUIET } from './share-options.ts';

/** Adds the commands that give a deployed stage its sources. `exit` receives each one's exit code. */
export function addStageCommands(program: Command, exit: (code: number) => void): void {
  program
    .command('upload')
    .description('send files to a deployed stage; after a kill the same command goes on where it was')
    .argument('<file...>', 'videos, and subtitles beside them')
    .requiredOption('--to <recipe>', 'what to make of them, as the folder in input/ says it')
    .requiredOption('--stage <name>', 'the stage')
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collectSettings, [])
    .option(...REGION)
    .option(...ENDPOINT)
    .option(...QUIET)
    .option(...JSON_LINES)
    .addHelpText('after', UPLOADS)
    .action(async (files: string[], options) =>
      exit(await (await import('../commands/upload.ts')).uploadFiles(files, options)),
    );
  program
    .command('backfill')
    .description('make jobs of what lies in a bucket already; what has a job is left alone')
    .requiredOption('--to <recipe>', 'what to make of it, as the folder in input/ says it')
    .requiredOption('--stage <name>', 'the stage')
    .option('--prefix <prefix>', "which files of the stage's bucket (default: all of input/)")
    .option('--from <s3://bucket/prefix>', 'files of another bucket, which stays as it is (setting sourceBuckets)')
    .option('--set <key=value>', 'a setting of the recipe, for all of them; may be given again', collectSettings, [])
    .option('--dry-run', 'only tell what would be made')
    .option(...REGION)
    .option(...ENDPOINT)
    .option(...QUIET)
    .option(...JSON_LINES)
    .addHelpText('after', BACKFILLS)
    .action(async (options) => exit(await (await import('../commands/backfill.ts')).backfillStage(options)));
  program
    .command('spending')
    .description('tell what a deployed stage has spent in this month, by its own estimate, and whether it has stopped')
    .requiredOption('--stage <name>', 'the stage')
    .option('--open <usd>', 'let it go on, and spend so much more in this month')
    .option(...REGION)
    .option(...ENDPOINT)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', SPENDING)
    .action(async (options) => exit(await (await import('../commands/spending.ts')).stageSpending(options)));
}

const SPENDING = `
Examples:
  reelmill spending --stage prod
  reelmill spending --stage prod --open 50`;

const BACKFILLS = `
Examples:
  reelmill backfill --to preserve --stage prod --dry-run
  reelmill backfill --to ladder --stage prod --prefix input/preserve/tour/
  reelmill backfill --to preserve --stage prod --from s3://my-archive/2019/ --set crf=22`;

const UPLOADS = `
Examples:
  reelmill upload film.mov --to preserve --stage prod
  reelmill upload tour/*.mov --to ladder --stage dev --set crf=22`;
