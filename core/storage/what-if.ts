import { type Holding, keepingCost } from './keeping-cost.ts';
import type { AwsPrices } from './list-prices.ts';
import type { ClassName } from './storage-classes.ts';
import { NO_OPT_IN, type OptIn, tierShares } from './tiering.ts';

/** The days after which the stacks of this repository archive what nobody reads, where that is on (stages/, docs/storage.md). */
export const USUAL_OPT_IN: OptIn = { archive: 90, deepArchive: 180 };

/** One way to keep files that nobody reads, and what it costs from the upload until the end of each month. */
export type KeepingPlan = {
  readonly name: string;
  /** The dollars paid by the end of month 1, 2, ... */
  readonly paidUsd: readonly number[];
};

const IN_ONE_CLASS: readonly ClassName[] = ['standard', 'standard-ia', 'glacier-ir', 'deep-archive'];

/** Returns the plans that the what-if chart compares, for files that are uploaded once and then not read. */
export function keepingPlans(holding: Holding, months: number, prices: AwsPrices): readonly KeepingPlan[] {
  const names: Partial<Record<ClassName, string>> = {
    standard: 'S3 Standard',
    'standard-ia': 'Standard-IA',
    'glacier-ir': 'Glacier Instant Retrieval',
    'deep-archive': 'Glacier Deep Archive',
  };
  return [
    ...IN_ONE_CLASS.map((each) => inOneClass(names[each] ?? each, each, { holding, months }, prices)),
    tiered('Intelligent-Tiering', NO_OPT_IN, { holding, months }, prices),
    tiered('Intelligent-Tiering with archive tiers', USUAL_OPT_IN, { holding, months }, prices),
  ];
}

type KeptFor = { readonly holding: Holding; readonly months: number };

const upTo = (months: number): readonly number[] => Array.from({ length: months }, (_, i) => i + 1);

function inOneClass(name: string, className: ClassName, { holding, months }: KeptFor, prices: AwsPrices): KeepingPlan {
  const { uploadUsd, monthlyUsd } = keepingCost(className, holding, { months }, prices);
  return { name, paidUsd: upTo(months).map((month) => uploadUsd + month * monthlyUsd) };
}

function tiered(name: string, optIn: OptIn, { holding, months }: KeptFor, prices: AwsPrices): KeepingPlan {
  const { uploadUsd } = keepingCost('it-frequent', holding, { months }, prices);
  let paid = uploadUsd;
  const paidUsd = upTo(months).map((month) => {
    for (const [tier, share] of tierShares(month - 1, optIn)) {
      paid += share * keepingCost(tier, holding, { months: 1 }, prices).monthlyUsd;
    }
    return paid;
  });
  return { name, paidUsd };
}
