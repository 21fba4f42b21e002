import { GB, type Holding, keepingCost, uploadRequests } from './keeping-cost.ts';
import type { AwsPrices, PriceName } from './list-prices.ts';
import { type ClassName, SMALLEST_TIERED_BYTES, storageClass } from './storage-classes.ts';
import { FREQUENT_BANDS, volumeUsd } from './volume-price.ts';

/** What an option of a stage costs in dollars (docs/aws-options.md), beside keeping the files themselves. */
type OptionCost = {
  /** The setting that turns it on; `versioning` is what three of them need. */
  readonly setting: string;
  readonly title: string;
  /** Paid when it is turned on or used, for all files. */
  readonly onceUsd: number;
  /** A month, once it has been on for as long as old versions are kept. */
  readonly monthlyUsd: number;
};

/** What is done with the files, and how the options are set. */
export type OptionUse = {
  /** The share of all data that is replaced or deleted each month. */
  readonly changed: number;
  /** The share of all data that people elsewhere watch each month. */
  readonly viewed: number;
  readonly lockDays: number;
  readonly replicaClass: ClassName;
  readonly backupDays: number;
};

const DAYS_A_MONTH = 30;
const HOURS_A_MONTH = 730;
/** The lifecycle rule `replaced-versions` of the media bucket. */
const OLD_VERSION_DAYS = 30;
/** Assumed of viewers: players fetch films in ranges of about this size. */
const RANGE_BYTES = 10e6;
/** What AWS states for an m6g.large that works without pause; its first minutes are quicker. */
const HOST_BITS_A_SECOND = 0.75e9;
const HOST_DISK_GB = 30;

/** Returns what each option costs for these files. */
export function optionCosts(holding: Holding, use: OptionUse, prices: AwsPrices): readonly OptionCost[] {
  const changedGb = (use.changed * holding.bytes) / GB;
  const oldMonthUsd = volumeUsd(changedGb, FREQUENT_BANDS, prices);
  const row = (setting: string, title: string, onceUsd: number, monthlyUsd: number): OptionCost => ({
    ...{ setting, title, onceUsd, monthlyUsd },
  });
  const lists = (days: number) => (holding.objects * prices.usd('s3InventoryObject') * DAYS_A_MONTH) / days;
  const longer = Math.max(0, use.lockDays - OLD_VERSION_DAYS) / DAYS_A_MONTH;
  return [
    row('versioning', 'versions for 30 days', 0, (oldMonthUsd * OLD_VERSION_DAYS) / DAYS_A_MONTH),
    row('objectLock', `Object Lock, ${use.lockDays} days`, 0, oldMonthUsd * longer),
    replication(holding, use, prices),
    row('cdn', 'CloudFront, signed links', 0, cdnUsd(holding, use, prices)),
    row('inventory', 'inventory, daily', 0, lists(1)),
    row('inventory', 'inventory, weekly', 0, lists(7)),
    row('storageLens', 'Storage Lens, free', 0, 0),
    row('storageLens', 'Storage Lens, advanced', 0, holding.objects * prices.usd('s3LensObject')),
    backup(holding, use, prices),
    row('backup', 'restoring all of one', (holding.bytes / GB) * prices.usd('backupS3RestoreGb'), 0),
    row('bulkChanges', 'a tag for all files', bulkUsd(holding.objects, 's3Put', prices), 0),
    row('bulkChanges', 'all to Glacier Instant', bulkUsd(holding.objects, 's3GlacierIrPut', prices), 0),
    row('transferHost', 'transfer host, for all', hostHours(holding.bytes) * hostHourUsd(prices), 0),
  ];
}

/** Returns what a job of S3 Batch Operations costs, with the request that it makes for each object. */
export const bulkUsd = (objects: number, request: PriceName, prices: AwsPrices): number =>
  prices.usd('s3BatchJob') + objects * (prices.usd('s3BatchObject') + prices.usd(request));

/** How long a transfer host works on so many bytes, at the rate that AWS states for it. */
const hostHours = (bytes: number): number => (8 * bytes) / HOST_BITS_A_SECOND / 3600;

const hostHourUsd = (prices: AwsPrices): number =>
  prices.usd('m6g.large') + prices.usd('publicAddressHour') + (HOST_DISK_GB * prices.usd('gp3GbMonth')) / HOURS_A_MONTH;

/** The copies are counted at this region's prices, because the other one may be any. */
function replication(holding: Holding, { changed, replicaClass }: OptionUse, prices: AwsPrices): OptionCost {
  const { monthlyUsd } = keepingCost(replicaClass, holding, { months: 1 }, prices);
  const sendingUsd =
    (holding.bytes / GB) * prices.usd('transferToRegionGb') +
    uploadRequests(holding) * prices.usd(storageClass(replicaClass).put);
  return {
    ...{ setting: 'replicaBucket', title: `copies elsewhere, ${replicaClass}`, onceUsd: sendingUsd },
    // What changes is sent again, and its old version stays there for a month, too.
    monthlyUsd: monthlyUsd + changed * (sendingUsd + (monthlyUsd * OLD_VERSION_DAYS) / DAYS_A_MONTH),
  };
}

/** At the price of the first 10 TB a month: more of it costs less. */
function cdnUsd({ bytes }: Holding, { viewed }: OptionUse, prices: AwsPrices): number {
  const beyondFree = (units: number, name: PriceName) => Math.max(0, units - prices.freeEach(name)) * prices.usd(name);
  const viewedBytes = viewed * bytes;
  return (
    prices.usd('secret') +
    beyondFree(viewedBytes / GB, 'cloudFrontGb') +
    beyondFree(viewedBytes / RANGE_BYTES, 'cloudFrontRequest')
  );
}

function backup({ bytes, objects }: Holding, { changed, backupDays }: OptionUse, prices: AwsPrices): OptionCost {
  const keptGb = (Math.max(bytes, objects * SMALLEST_TIERED_BYTES) / GB) * prices.usd('backupS3GbMonth');
  return {
    ...{ setting: 'backup', title: `backups, kept ${backupDays} days`, onceUsd: objects * prices.usd('s3Get') },
    monthlyUsd: keptGb * (1 + (changed * backupDays) / DAYS_A_MONTH),
  };
}
