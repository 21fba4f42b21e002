import process from 'node:process';
import { FAILURES, ServiceError } from '../../core/errors.ts';
import { formatBytes, formatUsd } from '../../core/format.ts';
import { checkPrefix } from '../../core/object-key.ts';
import {
  type BulkChange,
  type BulkCost,
  type BulkTally,
  bulkCost,
  reclassOf,
  refuseUndone,
  retagOf,
  tallyOf,
} from '../../core/storage/bulk-change.ts';
import { openBulkChanges } from '../../runtime/aws/bulk-changes.ts';
import { type DeployedStack, deployedStack } from '../../runtime/aws/deployed-stack.ts';
import { confirmed } from '../terminal/confirm.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { wrapped } from './plain-table.ts';
import { askedPrices, type PriceOptions } from './price-arguments.ts';

type BulkOptions = PriceOptions & {
  readonly stage: string;
  readonly prefix: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
};

/** Moves the files below a prefix to another storage class. Returns the exit code. */
export const reclass = (options: BulkOptions & { readonly class: string }): Promise<number> =>
  changeAll(reclassOf(checkPrefix(options.prefix), options.class), options);

/** Gives the files below a prefix other tags. Returns the exit code. */
export const retag = (options: BulkOptions & { readonly tag: readonly string[] }): Promise<number> =>
  changeAll(retagOf(checkPrefix(options.prefix), options.tag), options);

/** Shows what a change comes to and costs, asks, and gives it to S3 Batch Operations, which waits to be let run. */
async function changeAll(change: BulkChange, options: BulkOptions): Promise<number> {
  const signal = interruptSignal();
  const stack = await deployedStack(options.stage, options.region);
  const files = openBulkChanges(stack);
  if (change.kind === 'reclass') refuseUndone(change, await files.classByRule(change.prefix));
  const prices = await askedPrices({ ...options, region: options.region ?? stack.region });
  const tally = await tallyOf(change, files.files(change.prefix));
  const cost = bulkCost(change, tally, { keepsVersions: await files.keepsVersions(), prices });
  tell(options, { type: `storage.${change.kind}`, ...change, ...tally, ...cost }, planText(change, tally, cost));
  if (options.dryRun) return 0;
  if (tally.objects === 0) {
    throw new ServiceError('no-input', `no file below ${printable(change.prefix)} is left to change`);
  }
  const word = `${change.kind} ${tally.objects}`;
  if (!options.yes && !(await confirmed(`${tally.objects} files of ${files.bucket} change.`, word, signal))) {
    return FAILURES.interrupted.exit;
  }
  const jobId = await files.start(change);
  tell(options, { type: 'storage.bulk', jobId }, startedText(jobId, stack));
  return 0;
}

function tell({ json }: BulkOptions, record: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(record)}\n` : `${text}\n`);
}

function planText(change: BulkChange, tally: BulkTally, { jobUsd, oldVersionsUsd }: BulkCost): string {
  const { objects, bytes, already, small, large, archived } = tally;
  const to =
    change.kind === 'reclass'
      ? change.storageClass
      : `the tags ${Object.entries(change.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}, in the place of those they have`;
  const left = [
    [already, 'are in it already'],
    [small, 'are below 128 KB'],
    [large, 'are over 5 GiB, which S3 copies in no such job'],
    [archived, 'are archived'],
  ] as const;
  return [
    wrapped(
      `${objects.toLocaleString('en-US')} files (${formatBytes(bytes)}) below ${printable(change.prefix)} get ${to}`,
    ),
    ...left
      .filter(([count]) => count > 0)
      .map(([count, why]) => `${count.toLocaleString('en-US')} stay as they are: they ${why}`),
    `job and requests  ${formatUsd(jobUsd)}`,
    ...(oldVersionsUsd > 0 ? [`the versions before, for 30 days  at most ${formatUsd(oldVersionsUsd)}`] : []),
  ].join('\n');
}

const startedText = (jobId: string, { account, region }: DeployedStack): string =>
  [
    `job ${jobId} lists the files now, and waits for you to compare its count with this one:`,
    `  aws s3control describe-job --region ${region} --account-id ${account} --job-id ${jobId}`,
    'and then to let it run:',
    `  aws s3control update-job-status --region ${region} --account-id ${account} --job-id ${jobId} --requested-job-status Ready`,
  ].join('\n');
