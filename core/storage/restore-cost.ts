import { GB, type Holding } from './keeping-cost.ts';
import type { AwsPrices } from './list-prices.ts';
import { type ClassName, type RestoreTier, storageClass } from './storage-classes.ts';
import { TIERING_DAYS } from './tiering.ts';
import { STANDARD_BANDS, volumeUsd } from './volume-price.ts';

/** One way to read files again: the dollars, and after how many hours the last of them can be read. */
type RestoreCost = {
  readonly tier: RestoreTier['tier'] | 'at once';
  readonly hours: RestoreTier['hours'];
  readonly requestsUsd: number;
  readonly retrievalUsd: number;
  /** For the time in which the files lie in a dearer place than before. */
  readonly copyUsd: number;
  readonly totalUsd: number;
};

const AT_ONCE = { from: 0, to: 0 };
const DAYS_A_MONTH = 30;

/**
 * Returns the ways to read all files of a class again, the quickest first. From the Glacier classes a copy is made for so
 * many days; Intelligent-Tiering moves the object itself up, and it sinks again as if it were new.
 */
export function restoreCosts(
  className: ClassName,
  { bytes, objects }: Holding,
  days: number,
  prices: AwsPrices,
): readonly RestoreCost[] {
  const { restore, readGb, get, isMonitored } = storageClass(className);
  const gb = bytes / GB;
  const reads = objects * prices.usd(get);
  if (!restore) {
    const retrievalUsd = readGb ? gb * prices.usd(readGb) : 0;
    const totalUsd = reads + retrievalUsd;
    return [{ tier: 'at once', hours: AT_ONCE, requestsUsd: reads, retrievalUsd, copyUsd: 0, totalUsd }];
  }
  const copyUsd = isMonitored ? sinkingAgainUsd(gb, prices) : copyKeptUsd(gb, days, prices);
  return restore.map(({ tier, hours, gb: perGb, request }) => {
    const requestsUsd = reads + objects * prices.usd(request);
    const retrievalUsd = gb * prices.usd(perGb);
    return { tier, hours, requestsUsd, retrievalUsd, copyUsd, totalUsd: requestsUsd + retrievalUsd + copyUsd };
  });
}

const copyKeptUsd = (gb: number, days: number, prices: AwsPrices): number =>
  (days / DAYS_A_MONTH) * volumeUsd(gb, STANDARD_BANDS, prices);

/** The object lies in the frequent tier and then in the infrequent one, until it may be archived again. */
function sinkingAgainUsd(gb: number, prices: AwsPrices): number {
  const { infrequent, archiveInstant } = TIERING_DAYS;
  const frequently = infrequent * prices.usd('s3ItFrequentGbMonth');
  const infrequently = (archiveInstant - infrequent) * prices.usd('s3ItInfrequentGbMonth');
  return (gb * (frequently + infrequently)) / DAYS_A_MONTH;
}
