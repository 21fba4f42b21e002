import type { AwsPrices } from './list-prices.ts';
import {
  ARCHIVED_INDEX_BYTES,
  ARCHIVED_NAME_BYTES,
  type ClassName,
  SMALLEST_TIERED_BYTES,
  type StorageClass,
  storageClass,
} from './storage-classes.ts';
import { STANDARD_BANDS, transferOutUsd, volumeUsd } from './volume-price.ts';

/** 10^9 bytes. The price list's GB is taken for it, although S3 meters in units of 2^30 bytes (docs/storage.md). */
export const GB = 1e9;
const DAYS_A_MONTH = 30;
/** Larger files are uploaded in parts of this size, each with a request of its own. */
const UPLOAD_PART_BYTES = 100e6;

/** An amount of files that lie in one class. */
export type Holding = { readonly bytes: number; readonly objects: number };

/** What is done with the files each month, as shares of all of them. */
export type MonthlyUse = {
  /** Read by programs in the same region. */
  readonly read: number;
  /** Read by people elsewhere: the data leaves AWS. */
  readonly download: number;
};
const UNTOUCHED: MonthlyUse = { read: 0, download: 0 };

/** What it costs in dollars to keep files in one class. */
export type KeepingCost = {
  readonly className: ClassName;
  readonly bytes: number;
  readonly objects: number;
  /** A month of storage, with what is charged for small and for archived objects. */
  readonly storageUsd: number;
  /** A month of Intelligent-Tiering's fee for each object. */
  readonly monitoringUsd: number;
  /** A month of reading and restoring. */
  readonly readingUsd: number;
  /** A month of what leaves AWS. */
  readonly downloadUsd: number;
  readonly monthlyUsd: number;
  /** Once, for the requests of the upload. */
  readonly uploadUsd: number;
  /** For all months, the upload and the class's shortest time of storage included. */
  readonly totalUsd: number;
};

/** Returns what it costs to put files into a class and to keep them there for so many months. */
export function keepingCost(
  className: ClassName,
  { bytes, objects }: Holding,
  { access = UNTOUCHED, months }: { readonly access?: MonthlyUse; readonly months: number },
  prices: AwsPrices,
): KeepingCost {
  const holding = { bytes, objects };
  const facts = chargedAs(className, holding);
  const storageUsd = storageMonthUsd(facts, holding, prices);
  const isWatched = facts.isMonitored && !isSmall(holding);
  const monitoringUsd = isWatched ? objects * prices.usd('s3ItMonitoredObject') : 0;
  const readingUsd = (access.read + access.download) * readingAllUsd(facts, holding, prices);
  const downloadUsd = transferOutUsd((access.download * bytes) / GB, prices);
  const monthlyUsd = storageUsd + monitoringUsd + readingUsd + downloadUsd;
  const uploadUsd = uploadRequests(holding) * prices.usd(facts.put);
  const chargedMonths = Math.max(months, facts.leastDays / DAYS_A_MONTH);
  const totalUsd = uploadUsd + chargedMonths * storageUsd + months * (monthlyUsd - storageUsd);
  return {
    ...{ className, bytes, objects, storageUsd, monitoringUsd, readingUsd, downloadUsd },
    ...{ monthlyUsd, uploadUsd, totalUsd },
  };
}

function storageMonthUsd(facts: StorageClass, { bytes, objects }: Holding, prices: AwsPrices): number {
  if (facts.restore) {
    const own = volumeUsd((bytes + objects * ARCHIVED_INDEX_BYTES) / GB, facts.gbMonth, prices);
    return own + volumeUsd((objects * ARCHIVED_NAME_BYTES) / GB, STANDARD_BANDS, prices);
  }
  const charged = Math.max(bytes, objects * facts.leastBytes);
  return volumeUsd(charged / GB, facts.gbMonth, prices);
}

/** Small objects stay in the frequent tier. They are judged by their mean size, because only their number is known. */
function chargedAs(className: ClassName, holding: Holding): StorageClass {
  const facts = storageClass(className);
  return facts.isMonitored && isSmall(holding) ? storageClass('it-frequent') : facts;
}

const isSmall = ({ bytes, objects }: Holding): boolean => bytes < objects * SMALLEST_TIERED_BYTES;

/** Reading everything once; what is archived is restored in bulk, which is the cheapest way. */
function readingAllUsd({ get, readGb, restore }: StorageClass, { bytes, objects }: Holding, prices: AwsPrices): number {
  const bulk = restore?.find(({ tier }) => tier === 'bulk');
  const perGb = (readGb ? prices.usd(readGb) : 0) + (bulk ? prices.usd(bulk.gb) : 0);
  const perObject = prices.usd(get) + (bulk ? prices.usd(bulk.request) : 0);
  return (bytes / GB) * perGb + objects * perObject;
}

/** One request for a small file; for a larger one, its parts, and two to begin and to end the upload. */
export function uploadRequests({ bytes, objects }: Holding): number {
  const parts = Math.ceil(bytes / objects / UPLOAD_PART_BYTES);
  return objects * (parts <= 1 ? 1 : parts + 2);
}
