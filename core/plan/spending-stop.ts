import type { AwsPrices } from '../storage/list-prices.ts';

/** What a stage has spent in a month by its own estimate, and whether it was stopped. */
type Spent = {
  readonly usd: number;
  /** What somebody allowed the stage to spend in this month, in place of its limit. */
  readonly allowedUsd: number | undefined;
  /** Whether AWS's budget has stopped it, and nobody has opened it since. */
  readonly isStopped: boolean;
  /** When machines were last started in this month after a stop; undefined if they were not. */
  readonly openedMs: number | undefined;
};

/** Keeps what each month cost. A month is named as "2026-10". */
export type SpendingLedger = {
  of(month: string): Promise<Spent>;
  add(month: string, usd: number, nowMs: number): Promise<void>;
  stop(month: string, nowMs: number): Promise<void>;
  /** Allows so much for the whole of the month, and ends a stop. */
  open(month: string, allowedUsd: number, nowMs: number): Promise<void>;
  /** Notes that the machines run again which the month before had stopped. */
  started(month: string, nowMs: number): Promise<void>;
};

/** The stop of a stage that has one: what it may spend in a month. */
export type SpendingStop = {
  readonly limitUsd: number;
  readonly stage: string;
  readonly ledger: SpendingLedger;
  readonly prices: AwsPrices;
};

/** What may be spent in a month: the limit of the stage, or what somebody allowed since. */
export const allowedIn = ({ allowedUsd }: Spent, limitUsd: number): number => Math.max(limitUsd, allowedUsd ?? 0);
