import { formatUsd } from '../../core/format.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';
import { type OptionUse, optionCosts } from '../../core/storage/option-costs.ts';

/** As `reelmill storage options` has them by itself. */
const USE: OptionUse = { changed: 0.02, viewed: 0.1, lockDays: 365, replicaClass: 'glacier-ir', backupDays: 35 };

/** What docs/aws-options.md says of the cost of each option, by its title in the command's table. */
export function optionCostLines(): ReadonlyMap<string, string> {
  const of = (bytes: number) => optionCosts({ bytes, objects: bytes / 500e6 }, USE, listedPrices());
  const large = of(40e12);
  const lines = of(1e12).map(({ title, onceUsd, monthlyUsd }, at) => {
    const parts = [
      { when: 'once', one: onceUsd, forty: large[at]?.onceUsd ?? 0 },
      { when: 'a month', one: monthlyUsd, forty: large[at]?.monthlyUsd ?? 0 },
    ].filter(({ forty }) => forty > 0);
    const told = parts.map(
      ({ when, one, forty }) => `${when} ${formatUsd(one)} for 1 TB, ${formatUsd(forty)} for 40 TB`,
    );
    return [title, told.length > 0 ? `${title}: ${told.join('; ')}` : `${title}: nothing`] as const;
  });
  return new Map(lines);
}
