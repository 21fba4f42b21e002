import { rangeText } from '../../cli/storage/diet.ts';
import { formatUsd } from '../../core/format.ts';
import { mezzanineOptions } from '../../core/plan/mezzanine-options.ts';
import { keepingCost } from '../../core/storage/keeping-cost.ts';
import { listedPrices, type PriceName } from '../../core/storage/list-prices.ts';
import type { ClassName } from '../../core/storage/storage-classes.ts';
import { transferCosts } from '../../core/storage/transfer-cost.ts';

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const prices = listedPrices();

/** The seed's table of what 40 TB cost, beside what its own prices make. */
export function keepingRows(): readonly string[] {
  const monthly = (mix: Partial<Record<ClassName, number>>) =>
    formatUsd(
      Object.entries(mix).reduce((sum, [name, share]) => {
        const holding = { bytes: 40e12 * share, objects: 80_000 * share };
        return sum + keepingCost(name as ClassName, holding, { months: 1 }, prices).monthlyUsd;
      }, 0),
    );
  return [
    row('all S3 Standard', '$920', monthly({ standard: 1 }), 'the same: 40,000 GB at $0.023'),
    row(
      '50 % Infrequent',
      '$690',
      monthly({ 'it-frequent': 0.5, 'it-infrequent': 0.5 }),
      '20,000 GB at $0.023 and 20,000 at $0.0125; the seed has 75 % of $920',
    ),
    row(
      '80 % Archive Instant',
      '$368',
      monthly({ 'it-frequent': 0.2, 'it-archive-instant': 0.8 }),
      '8,000 GB at $0.023 and 32,000 at $0.004; the seed has 40 % of $920',
    ),
    row(
      '95 % Deep Archive',
      '$92',
      monthly({ 'it-frequent': 0.05, 'it-deep-archive': 0.95 }),
      '2,000 GB at $0.023 and 38,000 at $0.00099; the seed has 10 % of $920',
    ),
  ];
}

/** The seed's prices of restoring, beside the list's. */
export function restoringRows(): readonly string[] {
  const price = (gb: PriceName, request: PriceName) => {
    const [perGb, perThousand] = [prices.usd(gb), 1000 * prices.usd(request)];
    return perGb === 0 && perThousand === 0
      ? 'free'
      : `$${perGb}/GB + $${Number(perThousand.toPrecision(3))}/1000 requests`;
  };
  return [
    row(
      'Archive Access',
      '$0.03/GB + $10/1000 requests',
      `${price('s3ItStandardGb', 's3ItStandardRequest')}; expedited ${price('s3ItExpeditedGb', 's3ItExpeditedRequest')}`,
      'the seed has the price of the expedited tier',
    ),
    row(
      'Deep Archive',
      '$0.02/GB + $2.50/1000 requests',
      `${price('s3ItStandardGb', 's3ItStandardRequest')} in Intelligent-Tiering; ${price('s3DeepArchiveStandardGb', 's3DeepArchiveStandardRequest')} in Glacier`,
      'the seed has the price by the GB of the class Glacier Deep Archive, which is not the tier',
    ),
    row(
      'bulk',
      'half',
      `${price('s3ItBulkGb', 's3ItBulkRequest')} in Intelligent-Tiering; ${price('s3DeepArchiveBulkGb', 's3DeepArchiveBulkRequest')} in Glacier Deep Archive`,
      'an eighth of the standard price by the GB',
    ),
  ];
}

/** The seed's times and prices of moving, beside the computed ones. */
export function transferRows(): readonly string[] {
  const ways = (bytes: number) =>
    transferCosts({ bytes, objects: bytes / 500e6, direction: 'in', lineBitsPerSecond: 1e9, isFar: false }, prices);
  const of = (way: string, bytes: number) => {
    const found = ways(bytes).find((each) => each.way === way);
    if (!found) throw new Error(`no way ${way}`);
    return found;
  };
  const hours = (bytes: number) => `${(of('rclone', bytes).seconds / 3600).toFixed(1)} h`;
  const days = (seconds: number) => `${(seconds / 86_400).toFixed(1)} days`;
  return [
    row('speed over 1 Gb/s', '100-440 MB/s', `${1e9 / 8 / 1e6} MB/s at most`, 'a gigabit is 125 megabytes'),
    row('1 TB over 1 Gb/s', '40-90 minutes', `${hours(1e12)} at least`, '8,000,000 megabits at 1,000 a second'),
    row('40 TB over 1 Gb/s', '27-60 h', `${hours(40e12)} at least`, 'the same, 40 times'),
    row(
      'Transfer Acceleration',
      '$0.04-0.08/GB, 50-500 % faster',
      `${formatUsd(of('acceleration', 40e12).usd ?? 0)} for 40 TB`,
      'no faster than the line',
    ),
    row(
      'Snowball',
      '$300 a job, a week',
      `${formatUsd(of('snowball', 40e12).usd ?? 0)}, ${days(of('snowball', 40e12).seconds)}`,
      'filling the device takes time, too; closed to new customers since November 2025',
    ),
    row(
      'DataSync',
      '$0.0125/GB',
      `${formatUsd(of('datasync', 40e12).usd ?? 0)} for 40 TB`,
      'the same, and the requests',
    ),
  ];
}

/** The seed's "storage diet" beside the computed one, for five minutes and for the film. */
export function dietRows(): readonly string[] {
  const sides = {
    pre: { width: 1024, height: 432 },
    mezzanine: { width: 4096, height: 1728 },
    final: { width: 3414, height: 1440 },
  };
  const options = (minutes: number) => mezzanineOptions({ ...sides, fps: 25, finalFps: 24, minutes, partMinutes: 10 });
  const text = (option: string, part: 'pre' | 'mezzanine' | 'final' | 'peak') => {
    const shown = [5, 128].map((minutes) => options(minutes).find((each) => each.option === option)?.[part]);
    return shown.map((range) => (range ? rangeText(range) : '')).join(', ');
  };
  return [
    row('before the network, ProRes HQ', '1.47 GB, 37.5 GB', text('now', 'pre'), SMALL),
    row('before the network, ProRes 422', '1.1 GB, 28 GB', text('0', 'pre'), SMALL),
    row('before the network, ProRes LT', '0.7-0.8 GB, 18-20 GB', text('0+1', 'pre'), SMALL),
    row('mezzanine, ProRes HQ', '23.5 GB, 600 GB', text('now', 'mezzanine'), 'the same, to 1 %'),
    row(
      'mezzanine, ProRes 422',
      '10.8 GB, 277 GB',
      text('0', 'mezzanine'),
      '122 of 184 Mb/s are two thirds, not less than half',
    ),
    row('mezzanine, HEVC intra', '4-8 GB, 100-200 GB', text('3', 'mezzanine'), GRAIN),
    row('film', '0.75-1.3 GB, 19-34 GB', text('2+4', 'final'), GRAIN),
    row('peak now', '26 GB, 660-670 GB', text('now', 'peak'), 'the same'),
    row('peak, options 0 and 1', '12-14 GB, 320-360 GB', text('0+1', 'peak'), 'follows from the mezzanine'),
    row('peak, option 3', '6-10 GB, 130-230 GB', text('3', 'peak'), GRAIN),
    row('peak, option 5 with HQ', '-, 50-70 GB', text('5', 'peak'), 'here the file before the network is counted, too'),
    row('peak, option 4', '1-2 GB, 20-35 GB', text('2+4', 'peak'), GRAIN),
  ];
}

const SMALL = 'ProRes takes more bits a pixel for pictures below 720p';
const GRAIN = 'measured on clips without film grain';

/** How a table begins whose rows these are. */
export const formatTable = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
