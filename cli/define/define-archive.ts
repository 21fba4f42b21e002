import { type Command, Option } from 'commander';
import { TUNING } from '../../core/archive/rclone-args.ts';
import type { CommandGroup } from './command-group.ts';
import { JSON_LINES } from './share-options.ts';

const EXAMPLES = `
Examples:
  reelmill archive verify ~/archive
  reelmill archive verify ~/archive --sample 5% --deep   # another 5 % each time, decoded too
  reelmill archive verify --stage prod                   # by the sums that S3 stores
  reelmill archive verify --stage prod --compute         # S3 reads the bits`;

/** Adds the commands of `archive`. */
export function defineArchive(
  archive: Command,
  { load, exit }: CommandGroup<typeof import('../commands/archive.ts')>,
): void {
  archive
    .command('verify')
    .description('compare every published file with its manifest: what is missing, changed, corrupt')
    .argument('[place]', 'a folder of results (the --out of run, or the root of watch), or s3://bucket/prefix')
    .option('--stage <name>', 'the results of a deployed stage, by the sums that S3 stores: nothing is downloaded')
    .option('--deep', 'decode films too, to their ends; in a bucket everything is downloaded for it')
    .addOption(
      new Option('--sample <share>', 'verify this share of the bytes, longest unverified first').default('100%'),
    )
    .option('--compute', 'have S3 read the bits where they lie, by a job of S3 Batch Operations')
    .option('--computed <job>', 'tell what that job has found')
    .option('--role <arn>', "the role of that job (default: the stage's, with bulkChanges)")
    .option('--region <name>', 'the region of bucket or stage (default: AWS_REGION)')
    .option('--endpoint <url>', "a server that is not Amazon's (default: AWS_ENDPOINT_URL)")
    .option(...JSON_LINES)
    .addHelpText('after', EXAMPLES)
    .action(async (place: string | undefined, options) => exit(await (await load()).verify(place, options)));
  archive
    .command('export')
    .description('write a BagIt bag of a source and everything that was published of it')
    .argument('<manifest>', 'the manifest.json of the film')
    .requiredOption('--bagit <dir>', 'the folder of the bag, which is not there yet')
    .option('--source <file>', 'the source, which is compared with the manifest')
    .option('--without-source', 'leave the source out of the bag')
    .option('--json', 'one JSON object on stdout')
    .action(async (manifest: string, options) => exit(await (await load()).exportFilm(manifest, options)));

  archive
    .command('import')
    .description('write rows of the job table for results that lie there already; nothing is made')
    .argument('[folder]', 'a folder of results')
    .option('--stage <name>', 'the bucket and the job table of a deployed stage')
    .option(
      '--inventory <s3://...>',
      'read the keys from the manifest.json of an S3 Inventory, instead of listing the bucket',
    )
    .option('--work <dir>', 'the folder of the job table (default: .reelmill/work in the folder)')
    .option('--region <name>', 'the region of the stage (default: AWS_REGION)')
    .option('--endpoint <url>', "a server that is not Amazon's (default: AWS_ENDPOINT_URL)")
    .option('--dry-run', 'only tell what would be written')
    .option(...JSON_LINES)
    .action(async (folder: string | undefined, options) => exit(await (await load()).importResults(folder, options)));

  const bucket = (command: Command) =>
    command
      .option('--region <name>', 'the region of the bucket (default: AWS_REGION)')
      .option('--endpoint <url>', "an S3 server that is not Amazon's (default: AWS_ENDPOINT_URL)");
  bucket(archive.command('sync'))
    .description('send what is new in a folder to a bucket by rclone, or fetch it; both ends are compared by hash')
    .argument('<from>', 'a folder, or s3://bucket/prefix')
    .argument('<to>', 's3://bucket/prefix, or a folder')
    .option('--dry-run', 'only show what would be sent')
    .option('--delete', 'delete objects in the bucket that the folder does not have, after a confirmation')
    .option('--yes', 'confirm --delete')
    .option('--transfers <n>', `files at the same time (default: ${TUNING.transfers})`)
    .option('--parts <n>', `parts of a file at the same time (default: ${TUNING.parts})`)
    .option('--part-size <MiB>', `the size of a part (default: ${TUNING.partMiB})`)
    .option(...JSON_LINES)
    .addHelpText('after', SYNC_EXAMPLES)
    .action(async (from: string, to: string, options) => exit(await (await load()).sync(from, to, options)));
  bucket(archive.command('mount'))
    .description('show a bucket as a folder by rclone, with what was read kept on this disk')
    .argument('<from>', 's3://bucket/prefix')
    .argument('<folder>', 'an empty folder')
    .addOption(new Option('--cache-size <size>', 'the most that is kept on this disk').default('50G'))
    .option('--write', 'allow writing; without it nothing in the bucket can change')
    .option('--dry-run', 'only print the command of rclone')
    .action(async (from: string, folder: string, options) => exit(await (await load()).mount(from, folder, options)));
}

const SYNC_EXAMPLES = `
Examples:
  reelmill archive sync ~/archive s3://my-bucket/archive --dry-run
  reelmill archive sync ~/archive s3://my-bucket/archive
  reelmill archive sync s3://my-bucket/archive ~/copy   # and back`;
