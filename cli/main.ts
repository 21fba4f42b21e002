#!/usr/bin/env node
import process from 'node:process';
import { Command, CommanderError, Option } from 'commander';
import { asServiceError, FAILURES } from '../core/errors.ts';
import manifest from '../package.json' with { type: 'json' };
import { keepYoungHeapSmall } from '../runtime/young-heap.ts';

/** Each command's code is loaded when it is called for: `--help` stays quick. */
function commands(): Command {
  const program = new Command('reelmill');
  program
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXAMPLES);

  program
    .command('run')
    .description('take files the whole way: encode, verify, publish below DIR/<recipe>/<file name>/')
    .argument('<file...>', 'videos')
    .requiredOption(
      '--recipe <names>',
      'what to make of them (reelmill recipes); several with commas, or given again',
      collect,
    )
    .requiredOption('--out <dir>', 'where results go')
    .option('--root <dir>', 'a folder whose recipes.json and models/ add recipes, mixes and models')
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collect, [])
    .option('--work <dir>', 'pieces, cache and job table (default: DIR/.work)')
    .option(...REMAKE)
    .option('--json', 'one JSON object a line on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill run clip.mov --recipe preserve --out ~/archive\n  reelmill run *.mp4 --recipe downscale --out ~/archive --set crf=24 --set preset=slow\n  reelmill run film.mkv --recipe preserve --out ~/archive --set vmaf=95\n  reelmill run film.mkv --recipe preserve,ladder --out ~/archive',
    )
    .action(async (files: string[], options) => exit(await (await import('./commands/run.ts')).run(files, options)));

  program
    .command('watch')
    .description('a folder as a bucket: ROOT/input/<recipe>/** becomes ROOT/output/<recipe>/**')
    .argument('<root>', 'the folder')
    .option('--once', 'do what is there, then end')
    .option('--work <dir>', 'pieces, cache and job table (default: ROOT/.work)')
    .option(...REMAKE)
    .option('--json', 'one JSON object a line on stdout')
    .addHelpText('after', '\nExamples:\n  reelmill watch ~/mill\n  reelmill watch /mnt/archive --once')
    .action(async (root: string, options) => exit(await (await import('./commands/watch.ts')).watch(root, options)));

  program
    .command('plan')
    .description('what would be done: segments, time, disk, cost; does nothing')
    .argument('[file]', 'a video; or give --size, --fps and --minutes')
    .requiredOption('--recipe <names>', 'the recipe; several with commas, or given again', collect)
    .option('--size <WxH>', 'the picture, as 4096x1728')
    .option('--fps <rate>', 'frames a second, as 25 or 24000/1001')
    .option('--minutes <n>', 'how long')
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collect, [])
    .option('--work <dir>', 'a work folder whose pieces may be used again')
    .option('--out <dir>', 'where earlier results lie: shows what of them would stay')
    .option(...REMAKE)
    .option('--root <dir>', 'a folder whose recipes.json adds recipes, mixes and models')
    .option('--json', 'JSON on stdout, one object a recipe')
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill plan clip.mov --recipe preserve\n  reelmill plan --size 4096x1728 --fps 25 --minutes 128 --recipe downscale',
    )
    .action(async (file: string | undefined, options) =>
      exit(await (await import('./commands/plan.ts')).plan(file, options)),
    );

  program
    .command('model')
    .description('whether a network (ONNX) can be used for upscale: scale, tiles, reach, place, colour')
    .argument('<file>', 'the model')
    .option('--scale <n>', 'how many times as large, 2 to 4')
    .option('--from <tensor>', 'where pictures go in: float NCHW RGB (rgb)')
    .option('--to <tensor>', 'where they come out, the same (enlarged)')
    .option('--white <n>', 'what white is to it (1)')
    .option('--halo <px>', 'pixels it must see around a tile, or "whole", where its operations do not tell')
    .option('--align <px>', 'tiles begin at multiples of this (1)')
    .option('--frames <n>', 'how many consecutive frames it takes at once, as its batch')
    .option('--overlap <n>', 'how many of them, at either end, only lend context (0)')
    .option('--device <device>', 'what computes', 'cpu')
    .option('--json', 'JSON on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  reelmill model x4.onnx --scale 4\n  reelmill model x2.onnx --scale 2 --from input --to output --white 255\n  reelmill model exported.onnx                                   # a file that says all that itself',
    )
    .action(async (file: string, options) => exit(await (await import('./commands/model.ts')).model(file, options)));

  const table = (command: Command) =>
    command
      .requiredOption('--work <dir>', 'the work folder (DIR/.work of run, ROOT/.work of watch)')
      .option('--json', 'JSON on stdout');
  table(program.command('jobs').description('the job table, newest first'))
    .addOption(new Option('--limit <n>', 'how many').default('50'))
    .action(async (options) => exit(await (await import('./commands/jobs.ts')).jobs(options)));
  table(program.command('show').description('one job').argument('<job>', 'its id, or the beginning of it')).action(
    async (job: string, options) => exit(await (await import('./commands/jobs.ts')).show(job, options)),
  );
  table(program.command('retry').description('take a job up again').argument('<job>', 'its id, or the beginning of it'))
    .option(...REMAKE)
    .action(async (job: string, options) => exit(await (await import('./commands/retry.ts')).retry(job, options)));

  table(
    program
      .command('ask')
      .description('count that a rendition is wanted, and make it if it was left until then')
      .argument('<job>', 'its id, or the beginning of it')
      .argument('<rendition>', 'its name, as hd'),
  )
    .option('--views <n>', 'count so many (1, where nothing is told)')
    .option('--downloads <n>', 'count so many')
    .action(async (job: string, rendition: string, options) =>
      exit(await (await import('./commands/retry.ts')).ask(job, rendition, options)),
    );

  program
    .command('thumbnails')
    .description("serve posters of ROOT/output in the sizes there are, on this machine's loopback")
    .argument('<root>', 'the folder that watch works on')
    .addOption(new Option('--port <n>', '0 takes any that is free').default('8360'))
    .option('--work <dir>', 'whose cache keeps them (default: ROOT/.work)')
    .action(async (root: string, options) =>
      exit(await (await import('./commands/thumbnails.ts')).thumbnails(root, options)),
    );

  program
    .command('recipes')
    .description('the recipes and their settings')
    .option('--root <dir>', 'a folder whose recipes.json adds some')
    .option('--json', 'JSON on stdout')
    .action(async (options) => exit(await (await import('./commands/recipes.ts')).recipes(options)));
  program
    .command('doctor')
    .description('what this machine can encode, and what is missing')
    .option('--json', 'JSON on stdout')
    .action(async (options) => exit(await (await import('./commands/doctor.ts')).doctor(options)));
  return program;
}

const REMAKE = ['--remake', 'make anew what is there and unchanged, by the tools as they are now'] as const;

const EXAMPLES = `
Examples:
  reelmill run clip.mov --recipe preserve --out ~/archive
  reelmill watch ~/mill
  reelmill plan film.mkv --recipe downscale
  reelmill doctor

Exit codes: 0 done, 64 usage, 65 bad input, 66 no such input, 69 a tool is missing, 70 bug, 73 cannot write,
75 try again, 130 interrupted.`;

const collect = (value: string, before: string[] = []) => [...before, value];

function exit(code: number): void {
  process.exitCode = code;
}

// `reelmill jobs | head` closes our pipes before we are done with them; whatever else is wrong with them, nobody could be told
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
keepYoungHeapSmall();

try {
  await commands().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    exit(error.exitCode === 0 ? 0 : FAILURES.usage.exit);
  } else {
    const failure = asServiceError(error);
    const { code, message: reason } = failure;
    if (process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ type: 'job.failed', code, reason })}\n`);
    process.stderr.write(`reelmill: ${failure.message}\n`);
    if (failure.code === 'bug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    exit(failure.exitCode);
  }
}
