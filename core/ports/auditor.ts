import type { Month } from '../month.ts';

/** Something that is to be so, and whether it is. */
export type Finding = {
  readonly where: string;
  readonly what: string;
  readonly isSo: boolean;
  readonly detail: string;
};

/** How often someone did something. */
export type Acts = { readonly who: string; readonly what: string; readonly times: number };

/** What was spent on one recipe; `undefined` for what belongs to none. */
export type Spending = { readonly recipe: string | undefined; readonly usd: number };

/** Looks at the stack from outside. Each may throw: what cannot be read is told as such. */
export interface Auditor {
  findings(): Promise<readonly Finding[]>;
  acts(month: Month): Promise<readonly Acts[]>;
  spending(month: Month): Promise<readonly Spending[]>;
}
