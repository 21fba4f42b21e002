import type { Command } from 'commander';
import { collectSettings } from './collect.ts';
import { QUIET } from './share-options.ts';
import { ENDPOINT, REGION } from './stage-options.ts';

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
    .option('--json', 'one JSON object a line on stdout')
    .addHelpText('after', UPLOADS)
    .action(async (files: string[], options) =>
      exit(await (await import('./commands/upload.ts')).uploadFiles(files, options)),
    );
}

const UPLOADS = `
Examples:
  reelmill upload film.mov --to preserve --stage prod
  reelmill upload tour/*.mov --to ladder --stage dev --set crf=22`;
