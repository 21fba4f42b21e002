import type { ClassName } from './storage-classes.ts';

/** After how many days without access Intelligent-Tiering moves an object down by itself. */
export const TIERING_DAYS = { infrequent: 30, archiveInstant: 90 } as const;

/** S3 takes no fewer days for the two tiers from which objects have to be restored, and no more than `most`. */
export const OPT_IN_DAYS = { archive: { least: 90, most: 730 }, deepArchive: { least: 180, most: 730 } } as const;

/** After how many days objects go to the tiers from which they have to be restored; undefined where a tier is not used. */
export type OptIn = { readonly archive: number | undefined; readonly deepArchive: number | undefined };
export const NO_OPT_IN: OptIn = { archive: undefined, deepArchive: undefined };

/** Returns the tier of Intelligent-Tiering that an object lies in after so many days without access. */
export function tierAfter(days: number, { archive, deepArchive }: OptIn = NO_OPT_IN): ClassName {
  if (deepArchive !== undefined && days >= deepArchive) return 'it-deep-archive';
  if (archive !== undefined && days >= archive) return 'it-archive';
  if (days >= TIERING_DAYS.archiveInstant) return 'it-archive-instant';
  return days >= TIERING_DAYS.infrequent ? 'it-infrequent' : 'it-frequent';
}

const DAYS_A_MONTH = 30;

/** Returns how much of the month after `months` months without access is spent in each tier, as shares of 1. */
export function tierShares(months: number, optIn: OptIn): ReadonlyMap<ClassName, number> {
  const shares = new Map<ClassName, number>();
  for (let day = 0; day < DAYS_A_MONTH; day++) {
    const tier = tierAfter(months * DAYS_A_MONTH + day, optIn);
    shares.set(tier, (shares.get(tier) ?? 0) + 1 / DAYS_A_MONTH);
  }
  return shares;
}
