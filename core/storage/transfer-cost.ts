import { GB, type Holding, uploadRequests } from './keeping-cost.ts';
import type { AwsPrices } from './list-prices.ts';
import { transferOutUsd } from './volume-price.ts';

type TransferWay = 'rclone' | 'acceleration' | 'datasync' | 'snowball';

/** One way to move files into or out of S3, with the least time that it takes. */
type TransferCost = {
  readonly way: TransferWay;
  readonly title: string;
  readonly seconds: number;
  /** Undefined if the price list has no price of it in this region. */
  readonly usd: number | undefined;
  /** What people have to know before they choose it. */
  readonly note: string;
};

export type Transfer = Holding & {
  readonly direction: 'in' | 'out';
  /** How much the slowest part of the line carries, in bits a second. */
  readonly lineBitsPerSecond: number;
  /** Whether the nearest edge of AWS is in the US, Europe or Japan, where acceleration costs half. */
  readonly isFar: boolean;
};

/** What a Snowball Edge takes: AWS's own figures for what fits on a device, and for the days in its price. */
const DEVICE = { bytes: 80e12, daysIncluded: 10 };
/** Assumed: both ways of the shipping with what AWS needs to copy, and how fast a device takes files from a local disk. */
export const SNOWBALL_ASSUMED = { shippingDays: 7, bytesPerSecond: 200e6 };

/** Returns every way to move the files. Nothing that goes over the line is quicker than the line. */
export function transferCosts(transfer: Transfer, prices: AwsPrices): readonly TransferCost[] {
  const { bytes, objects, direction, lineBitsPerSecond, isFar } = transfer;
  const gb = bytes / GB;
  const seconds = (8 * bytes) / lineBitsPerSecond;
  const requests =
    direction === 'in' ? uploadRequests({ bytes, objects }) * prices.usd('s3Put') : objects * prices.usd('s3Get');
  const base = requests + (direction === 'in' ? 0 : transferOutUsd(gb, prices));
  const acceleratedGb = direction === 'out' ? 'accelerationOutGb' : isFar ? 'accelerationInFarGb' : 'accelerationInGb';
  return [
    { way: 'rclone', title: 'rclone', seconds, usd: base, note: 'over the line, at most at its full speed' },
    {
      ...{ way: 'acceleration', title: 'Transfer Acceleration', seconds },
      usd: base + gb * prices.usd(acceleratedGb),
      note: 'helps where the distance slows the line down; no faster than the line',
    },
    {
      ...{ way: 'datasync', title: 'DataSync', seconds },
      usd: base + gb * prices.usd('dataSyncGb'),
      note: 'over the line, with a schedule and verification by AWS',
    },
    snowball(transfer, prices),
  ];
}

function snowball({ bytes, direction }: Transfer, prices: AwsPrices): TransferCost {
  const devices = Math.ceil(bytes / DEVICE.bytes);
  const copyingSeconds = bytes / devices / SNOWBALL_ASSUMED.bytesPerSecond;
  const days = Math.ceil(copyingSeconds / 86_400);
  const [job, day, outGb] = [prices.find('snowballJob'), prices.find('snowballDay'), prices.find('snowballOutGb')];
  const isPriced = job !== undefined && day !== undefined && outGb !== undefined;
  const extraDays = Math.max(0, days - DEVICE.daysIncluded);
  const usd = isPriced
    ? devices * (job + extraDays * day) + (direction === 'out' ? (bytes / GB) * outGb : 0)
    : undefined;
  return {
    ...{ way: 'snowball', title: `Snowball, ${devices} device${devices > 1 ? 's' : ''}`, usd },
    seconds: SNOWBALL_ASSUMED.shippingDays * 86_400 + copyingSeconds,
    note: 'closed to new customers since November 2025; without shipping costs',
  };
}
