import type { Month } from '../month.ts';

/** A property that the stack should have, and whether it has it. */
export type Finding = {
  readonly where: string;
  readonly what: string;
  readonly isSo: boolean;
  readonly detail: string;
};

/** How often someone did something. */
export type Acts = { readonly who: string; readonly what: string; readonly times: number };

/** The cost of one recipe; `recipe` is undefined for costs that belong to no recipe. */
export type Spending = { readonly recipe: string | undefined; readonly usd: number };

/** Inspects the stack from outside. Each method may throw, and the report then names what could not be read. */
export interface Auditor {
  findings(): Promise<readonly Finding[]>;
  acts(month: Month): Promise<readonly Acts[]>;
  spending(month: Month): Promise<readonly Spending[]>;
}
