import type { Command } from 'commander';
import type { CommandGroup } from './command-group.ts';
import { JSON_LINES } from './share-options.ts';

/** Adds the commands of `storage`. */
export function defineStorage(
  storage: Command,
  { load, exit }: CommandGroup<typeof import('../commands/storage.ts')>,
): void {
  const priced = (command: Command) =>
    command
      .option('--region <name>', 'us-east-1 or eu-west-1, or a region of your own price file (default: us-east-1)')
      .option('--prices <file>', 'a price list of your own, in the form that "storage prices --json" prints')
      .option('--json', 'JSON on stdout');
  const held = (command: Command) =>
    priced(command)
      .option('--size <amount>', 'how much data, such as 40TB')
      .option('--objects <n>', 'how many files it is in')
      .option('--object-size <amount>', 'or how large a file is', '500MB');

  held(storage.command('estimate').description('what it costs to keep files, by storage class or for a mix of them'))
    .option('--mix <class=percent,...>', 'how much lies in which class (default: all files in each class in turn)')
    .option('--months <n>', 'for how long', '12')
    .option('--read <percent>', 'of all data, read each month inside the region', '0')
    .option('--download <percent>', 'of all data, downloaded each month to outside of AWS', '0')
    .option('--chart <file>', 'write a chart of the costs over the months, as .svg or .html')
    .addHelpText('after', ESTIMATE)
    .action(async (options) => exit(await (await load()).estimateKeeping(options)));
  held(storage.command('restore').description('what it costs, and how long it takes, to read archived files again'))
    .requiredOption('--from <class>', 'the class that the files lie in, such as deep-archive or it-archive')
    .option('--days <n>', 'for how many days a copy of files from Glacier is kept', '7')
    .addHelpText('after', '\nExample:\n  reelmill storage restore --size 1TB --from deep-archive')
    .action(async (options) => exit(await (await load()).estimateRestore(options)));
  held(storage.command('transfer').description('how long it takes to move files into or out of S3, and the cost'))
    .requiredOption('--line <speed>', 'the speed of your line, such as 250Mbps or 1Gbps')
    .option('--direction <way>', 'in or out', 'in')
    .option('--far', 'the nearest edge of AWS is not in the US, Europe or Japan')
    .addHelpText('after', '\nExample:\n  reelmill storage transfer --size 40TB --line 1Gbps')
    .action(async (options) => exit(await (await load()).estimateTransfer(options)));
  storage
    .command('diet')
    .description('the disk that the ways of enlarging a film need: before the network, after it, the film, at most')
    .option('--size <WxH>', 'the size of the enlarged picture, as 4096x1728')
    .option('--pre <WxH>', 'the size before the network (default: a quarter of each side)')
    .option('--fps <rate>', 'frames per second of both')
    .option('--minutes <n>', 'the length of the film')
    .option('--final-height <lines>', 'the lines of the film that is published', '1440')
    .option('--final-fps <rate>', 'its frames per second (default: those of --fps)')
    .option('--part-minutes <n>', 'the length of a part that is deleted before the next one is written', '10')
    .option('--json', 'JSON on stdout')
    .addHelpText('after', '\nExample:\n  reelmill storage diet --size 4096x1728 --fps 25 --minutes 128 --final-fps 24')
    .action(async (options) => exit(await (await load()).compareMezzanines(options)));
  priced(storage.command('job').description('what it costs on AWS to make a recipe, on Spot and on demand'))
    .argument('[file]', 'a video; or give --size, --fps and --minutes')
    .requiredOption('--recipe <names>', 'the recipe; several with commas, or repeat the option', collectValues)
    .option('--size <WxH>', 'the size of the picture, as 4096x1728')
    .option('--fps <rate>', 'frames per second, as 25 or 24000/1001')
    .option('--minutes <n>', 'the length in minutes')
    .option('--source-size <amount>', "the source's size (default: the file's, or a camera's 20 Mb/s at 1080p30)")
    .option('--set <key=value>', 'a setting of the recipe; may be given again', collectValues, [])
    .option('--root <dir>', 'a folder whose recipes.json adds recipes, mixes and models')
    .option('--disk <GiB>', 'the disk of each container (default: what the plan gives it, docs/aws.md)')
    .addHelpText('after', JOB)
    .action(async (file: string | undefined, options) => exit(await (await load()).priceJob(file, options)));
  held(storage.command('options').description('what each option of a stack costs, such as locks, copies and backups'))
    .option('--changed <percent>', 'of all data, replaced or deleted each month', '2')
    .option('--viewed <percent>', 'of all data, watched each month through CloudFront', '10')
    .option('--lock-days <n>', 'for how many days Object Lock keeps a version', '365')
    .option('--replica-class <class>', 'the class of copies in another region', 'glacier-ir')
    .option('--backup-days <n>', 'for how many days backups are kept', '35')
    .addHelpText('after', '\nExample:\n  reelmill storage options --size 40TB')
    .action(async (options) => exit(await (await load()).priceOptions(options)));
  const staged = (command: Command) =>
    command
      .requiredOption('--stage <name>', 'the stage of a stack, as dev or prod')
      .option('--region <name>', 'the region of the stack (default: AWS_REGION)')
      .option(...JSON_LINES);
  const bulk = (command: Command) =>
    staged(command)
      .requiredOption('--prefix <prefix>', 'the files whose keys begin with it, such as output/preserve/2019/')
      .option('--prices <file>', 'a price list of your own, in the form that "storage prices --json" prints')
      .option('--dry-run', 'only show what would change, and the cost')
      .option('--yes', 'start the job without asking');
  bulk(
    storage.command('reclass').description('bring published files of a stack to another storage class, by S3 itself'),
  )
    .requiredOption('--class <class>', 'GLACIER_IR, INTELLIGENT_TIERING or STANDARD_IA')
    .addHelpText(
      'after',
      '\nExample:\n  reelmill storage reclass --stage prod --prefix output/ --class GLACIER_IR --dry-run',
    )
    .action(async (options) => exit(await (await load()).reclass(options)));
  bulk(storage.command('retag').description('give files of a stack other tags, by S3 itself'))
    .requiredOption('--tag <key=value>', 'a tag, in the place of all that they have; may be given again', collectValues)
    .addHelpText(
      'after',
      '\nExample:\n  reelmill storage retag --stage prod --prefix input/preserve/2019/ --tag archive=yes',
    )
    .action(async (options) => exit(await (await load()).retag(options)));
  staged(storage.command('link').description('sign a link to a published file, which CloudFront then serves'))
    .argument('<path>', 'the file, as ladder/film.mov/hd.mp4; with a / at its end, all files of a folder')
    .option('--hours <n>', 'for how long', '24')
    .addHelpText('after', '\nExample:\n  reelmill storage link ladder/film.mov/hd.mp4 --stage prod --hours 48')
    .action(async (path: string, options) => exit(await (await load()).link(path, options)));
  priced(storage.command('prices').description('the price list, with the month and the source of each price')).action(
    async (options) => exit(await (await load()).showPrices(options)),
  );
}

const collectValues = (value: string, before: string[] = []) => [...before, value];

const ESTIMATE = `
Examples:
  reelmill storage estimate --size 40TB
  reelmill storage estimate --size 40TB --mix it-frequent=5,it-deep-archive=95 --months 36
  reelmill storage estimate --size 40TB --months 36 --chart costs.html`;

const JOB = `
Examples:
  reelmill storage job film.mov --recipe preserve
  reelmill storage job --recipe ladder --size 3840x2160 --fps 25 --minutes 90`;
