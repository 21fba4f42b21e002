import type { Command } from 'commander';
import { collect } from '../arguments/collect.ts';
import type { SampleCommandOptions } from '../commands/sample.ts';
import type { CommandGroup } from './command-group.ts';
import { JSON_LINES } from './share-options.ts';

type SampleModule = { sample(file: string, options: SampleCommandOptions): Promise<number> };

/** Defines the command `sample`, whose code is loaded when it is used. */
export function defineSample(command: Command, { load, exit }: CommandGroup<SampleModule>): void {
  command
    .argument('<file>', 'a video')
    .option('--recipe <name>', 'the recipe', 'preserve')
    .option('--set <key=value,...>', 'values to try (default: crf=23,26,28); may be given again', collect, [])
    .option('--max-percent <n>', 'give up what would have more than this share of the size of the source')
    .option('--out <dir>', 'the folder of the page (default: .reelmill/samples in this one)')
    .option('--root <dir>', 'a folder whose recipes.json adds recipes')
    .option(...JSON_LINES)
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill sample film.mkv --set crf=23,26,28\n  reelmill sample film.mkv --set crf=24,26 --set preset=medium,slow --max-percent 80',
    )
    .action(async (file: string, options) => exit(await (await load()).sample(file, options)));
}
