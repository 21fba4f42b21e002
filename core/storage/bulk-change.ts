import { usage } from '../errors.ts';
import { GB } from './keeping-cost.ts';
import type { AwsPrices, PriceName } from './list-prices.ts';
import { bulkUsd } from './option-costs.ts';
import { SMALLEST_TIERED_BYTES } from './storage-classes.ts';

/** The classes that published files can be brought to: all of them are read at once. From dear to cheap, as S3's own rules go. */
export const RESULT_CLASSES = ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] as const;
type ResultClass = (typeof RESULT_CLASSES)[number];

/** What S3 Batch Operations does with every file below a prefix. */
export type BulkChange =
  | { readonly kind: 'reclass'; readonly prefix: string; readonly storageClass: ResultClass }
  | { readonly kind: 'retag'; readonly prefix: string; readonly tags: Readonly<Record<string, string>> };

/** S3 copies no larger object in one request, and a class is changed by a copy of the object onto itself. */
export const LARGEST_COPY_BYTES = 5 * 2 ** 30;

const PUTS: Readonly<Record<ResultClass, PriceName>> = {
  STANDARD_IA: 's3StandardIaPut',
  INTELLIGENT_TIERING: 's3Put',
  GLACIER_IR: 's3GlacierIrPut',
};

/** Reads what is asked for. Throws `usage`. */
export function reclassOf(prefix: string, name: string): BulkChange {
  const storageClass = RESULT_CLASSES.find((each) => each === name);
  if (!storageClass) {
    throw usage(`--class takes ${RESULT_CLASSES.join(', ')}, which are read at once, not "${name}"`);
  }
  if (!prefix.startsWith('output/')) {
    throw usage(
      `--prefix ${prefix}: only files in output/ change their class; a copy in input/ would be a drop (tag sources for the archive: storage retag)`,
    );
  }
  return { kind: 'reclass', prefix, storageClass };
}

/** Reads what is asked for, with tags as `key=value`. Throws `usage`. */
export function retagOf(prefix: string, pairs: readonly string[]): BulkChange {
  if (!/^(input|output)\//.test(prefix)) throw usage(`--prefix ${prefix}: only files in input/ and output/ are tagged`);
  const tags = pairs.map((pair) => {
    const [, key, value] = /^([\w .:+@/-]{1,128})=([\w .:+@/-]{0,256})$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw usage(`--tag ${pair} is no tag; it takes key=value of letters, digits, spaces and _ . : / + - @`);
    }
    return [key, value] as const;
  });
  const byKey = Object.fromEntries(tags);
  if (Object.keys(byKey).length !== tags.length) throw usage('--tag names a key twice; a file has one value for each');
  if (tags.length === 0 || tags.length > 10)
    throw usage('--tag is given once to ten times, since a file has ten tags at most');
  return { kind: 'retag', prefix, tags: byKey };
}

/**
 * Throws `usage` where the bucket's own rules would bring the files to another class again.
 * @param ruled the class that a lifecycle rule of the bucket brings files below the prefix to
 */
export function refuseUndone(change: BulkChange, ruled: string | undefined): void {
  if (change.kind === 'retag') return;
  const order: readonly string[] = RESULT_CLASSES;
  const at = (name: string) => order.indexOf(name);
  if (ruled === undefined || at(ruled) <= at(change.storageClass)) return;
  throw usage(
    `a rule of the bucket brings files in output/ to ${ruled}, and would take ${change.storageClass} back; set resultClass of the stage instead`,
  );
}

export type ListedFile = { readonly bytes: number; readonly storageClass: string };

/** What a change comes to: how much is changed, what is left as it is, and why. */
export type BulkTally = {
  readonly objects: number;
  readonly bytes: number;
  readonly already: number;
  /** Below 128 KB, which cost more in the cheaper classes. */
  readonly small: number;
  /** Over 5 GiB, which S3 does not copy in one request. */
  readonly large: number;
  /** Not readable without being restored first. */
  readonly archived: number;
};

const ARCHIVED = ['GLACIER', 'DEEP_ARCHIVE'];

/** Counts the files of a change. */
export async function tallyOf(change: BulkChange, files: AsyncIterable<ListedFile>): Promise<BulkTally> {
  let [objects, bytes, already, small, large, archived] = [0, 0, 0, 0, 0, 0];
  for await (const file of files) {
    const isReclass = change.kind === 'reclass';
    if (isReclass && file.storageClass === change.storageClass) already++;
    else if (isReclass && ARCHIVED.includes(file.storageClass)) archived++;
    else if (isReclass && file.bytes < SMALLEST_TIERED_BYTES) small++;
    else if (isReclass && file.bytes > LARGEST_COPY_BYTES) large++;
    else {
      objects++;
      bytes += file.bytes;
    }
  }
  return { objects, bytes, already, small, large, archived };
}

/** What a change costs, in dollars. */
export type BulkCost = { readonly jobUsd: number; readonly oldVersionsUsd: number };

/** Returns the costs of a change. Where the bucket keeps versions, what is copied stays for 30 days as it was. */
export function bulkCost(
  change: BulkChange,
  { objects, bytes }: BulkTally,
  { keepsVersions, prices }: { readonly keepsVersions: boolean; readonly prices: AwsPrices },
): BulkCost {
  const isReclass = change.kind === 'reclass';
  return {
    jobUsd: bulkUsd(objects, isReclass ? PUTS[change.storageClass] : 's3Put', prices),
    oldVersionsUsd: isReclass && keepsVersions ? (bytes / GB) * prices.usd('s3ItFrequentGbMonth') : 0,
  };
}
