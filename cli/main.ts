#!/usr/bin/env node
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { asServiceError, FAILURES } from '../core/errors.ts';
import type { OptionDefault } from '../core/option-defaults.ts';
import manifest from '../package.json' with { type: 'json' };
import { widthOf } from '../runtime/people.ts';
import { keepYoungHeapSmall } from '../runtime/young-heap.ts';
import { called, refuseArguments, refuseUnknownOption } from './arguments/called-command.ts';
import { collect, collectSettings } from './arguments/collect.ts';
import { adviseAfterErrors } from './define/advise-after-errors.ts';
import { beforeCommand } from './define/before-command.ts';
import { defineArchive } from './define/define-archive.ts';
import { defineSample } from './define/define-sample.ts';
import { defineStorage } from './define/define-storage.ts';
import { defineOriginals, definePrune, defineUndo } from './define/define-upkeep.ts';
import { EXAMPLES } from './define/examples.ts';
import { addFilterOptions } from './define/filter-options.ts';
import { addJobCommands } from './define/job-commands.ts';
import { addPublishingCommands } from './define/publishing-commands.ts';
import { addServeCommand } from './define/serve-command.ts';
import { addServiceCommands } from './define/service-commands.ts';
import { AT_ONCE, CACHE, CORES, JSON_LINES, NICE, QUIET, REMAKE, VERBOSE } from './define/share-options.ts';
import { addStageCommands } from './define/stage-commands.ts';
import { addWatchCommand } from './define/watch-command.ts';
import { fittedText } from './terminal/display-width.ts';
import { fittedOutput } from './terminal/fitted-help.ts';

/** The command line. A command's code is loaded when the command is used, so that `--help` stays quick. */
function commands(): Command {
  const program = new Command('reelmill');
  program
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    .configureOutput(fittedOutput)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXAMPLES);

  addFilterOptions(program.command('run'))
    .description('encode and verify videos, one by one or whole folders, and publish the results in DIR')
    .argument('[file or folder...]', 'videos, and folders whose videos are read recursively')
    .requiredOption(
      '--recipe <names>',
      'what to make of them (see reelmill recipes); several with commas, or repeat the option',
      collect,
    )
    .option('--out <dir>', 'the folder of results; not with --replace')
    .option('--replace', 'put films in the place of their sources, which are put aside (see reelmill undo)')
    .option('--yes', 'replace without asking')
    .option('--root <dir>', 'a folder whose recipes.json and models/ add recipes, mixes and models')
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collectSettings, [])
    .option('--layout <layout>', 'files: DIR/<path>/<name>.<ext>; folders: DIR/<recipe>/<path>/<file name>/')
    .option('--from-file <list>', 'the names of files and folders, one a line; - reads stdin')
    .option('--others <what>', 'files of folders that are no videos: skip them or copy them (default: skip)')
    .option('--work <dir>', 'pieces, cache and job table (default: DIR/.reelmill/work)')
    .option(...CACHE)
    .option(...REMAKE)
    .option(...CORES)
    .option(...AT_ONCE)
    .option(...NICE)
    .option(...QUIET)
    .option(...VERBOSE)
    .option(...JSON_LINES)
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill run clip.mov --recipe preserve --out ~/archive\n  reelmill run ~/Videos --recipe preserve --out ~/archive\n  reelmill run *.mp4 --recipe downscale --out ~/archive --set crf=24 --set preset=slow\n  reelmill run film.mkv --recipe preserve --out ~/archive --set vmaf=95\n  reelmill run film.mkv --recipe preserve,ladder --out ~/archive',
    )
    .action(async (files: string[], options) => exit(await (await import('./commands/run.ts')).run(files, options)));

  addWatchCommand(program, exit);
  addFilterOptions(program.command('plan'))
    .description('show what would be made, with segments, time, disk and cost; makes nothing')
    .argument('[file or folder]', 'a video, or a folder of videos; or give --size, --fps and --minutes')
    .requiredOption('--recipe <names>', 'the recipe; several with commas, or repeat the option', collect)
    .option('--size <WxH>', 'the size of the picture, as 4096x1728')
    .option('--fps <rate>', 'frames per second, as 25 or 24000/1001')
    .option('--minutes <n>', 'the length in minutes')
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collectSettings, [])
    .option('--work <dir>', 'a work folder whose pieces can be reused')
    .option('--out <dir>', 'the folder of earlier results, to show which of them would stay')
    .option('--layout <layout>', 'how these results are laid out, as for run')
    .option(...REMAKE)
    .option('--root <dir>', 'a folder whose recipes.json adds recipes, mixes and models')
    .option('--json', 'JSON on stdout, one object for each recipe')
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill plan ~/Videos --recipe preserve --out ~/archive\n  reelmill plan clip.mov --recipe preserve\n  reelmill plan --size 4096x1728 --fps 25 --minutes 128 --recipe downscale',
    )
    .action(async (file: string | undefined, options) =>
      exit(await (await import('./commands/plan.ts')).plan(file, options)),
    );

  const sample = program
    .command('sample')
    .description('try settings on 20 seconds of a film: sizes for the whole, quality, speed, and a page to compare');
  defineSample(sample, { load: () => import('./commands/sample.ts'), exit });

  program
    .command('model')
    .description('check whether upscale can use a neural network (ONNX): scale, tiles, context, position, colour')
    .argument('<file>', 'the model')
    .option('--scale <n>', 'how many times it enlarges, 2 to 4')
    .option('--from <tensor>', 'the name of its input, float NCHW RGB (default: rgb)')
    .option('--to <tensor>', 'the name of its output, float NCHW RGB (default: enlarged)')
    .option('--white <n>', 'the value of white (default: 1)')
    .option(
      '--halo <px>',
      'pixels needed around a tile, or "whole" for the whole picture, if the file does not show it',
    )
    .option('--align <px>', 'tiles begin at multiples of this (default: 1)')
    .option('--frames <n>', 'how many consecutive frames it takes at once, as its batch')
    .option('--overlap <n>', 'how many of these frames at either end are only context (default: 0)')
    .option('--device <device>', 'what the network runs on', 'cpu')
    .option('--json', 'JSON on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill model x4.onnx --scale 4\n  reelmill model x2.onnx --scale 2 --from input --to output --white 255\n  reelmill model exported.onnx                                   # a file with all of this in its metadata',
    )
    .action(async (file: string, options) => exit(await (await import('./commands/model.ts')).model(file, options)));

  addJobCommands(program, exit);
  defineUndo(program.command('undo'), { load: () => import('./commands/undo.ts'), exit });
  defineOriginals(program.command('originals'), { load: () => import('./commands/originals.ts'), exit });
  definePrune(program.command('prune'), { load: () => import('./commands/prune.ts'), exit });

  addPublishingCommands(program, exit);
  defineStorage(program.command('storage').description('what files cost on AWS; classes, tags, links of a stack'), {
    load: () => import('./commands/storage.ts'),
    exit,
  });
  program
    .command('recipes')
    .description('list the recipes and their settings')
    .option('--root <dir>', 'a folder whose recipes.json adds recipes')
    .option('--json', 'JSON on stdout')
    .action(async (options) => exit(await (await import('./commands/recipes.ts')).recipes(options)));
  addStageCommands(program, exit);
  addServeCommand(program, exit);
  addServiceCommands(program, exit);
  defineArchive(
    program.command('archive').description('verify, import, export, send and mount an archive of results'),
    {
      load: () => import('./commands/archive.ts'),
      exit,
    },
  );
  adviseAfterErrors(program);
  return program;
}

function exit(code: number): void {
  process.exitCode = code;
}

// `reelmill jobs | head` closes our pipes early; other errors of stdout and stderr could be shown to nobody
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
keepYoungHeapSmall();

try {
  const program = commands();
  const args = process.argv.slice(2);
  const found: OptionDefault[] = [];
  refuseUnknownOption(program, args);
  if (args.some((arg) => ['--help', '-h', 'help'].includes(arg))) {
    if (args.length > 1) (await import('./define/recipes-help.ts')).addRecipesToHelp(program);
  } else {
    refuseArguments(program, args);
    if (called(program, args).command !== program)
      found.push(...(await (await import('./arguments/command-defaults.ts')).giveDefaults(program, args)));
  }
  program.hook('preAction', (_, command) => beforeCommand(command, found));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    exit(error.exitCode === 0 ? 0 : FAILURES.usage.exit);
  } else {
    const failure = asServiceError(error);
    const { code, message: reason } = failure;
    if (process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ type: 'job.failed', code, reason })}\n`);
    process.stderr.write(`${fittedText(`reelmill: ${failure.message}`, widthOf(process.stderr))}\n`);
    if (failure.code === 'bug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    exit(failure.exitCode);
  }
}
