/** Figures over time, for alarms and dashboards. `cause` tells failures apart; units are in the names. */
export type Figure = { readonly name: MetricName; readonly value: number; readonly cause?: string };

export type MetricName = 'JobsDone' | 'JobsFailed' | 'EstimatedUsd' | 'SlowerThanPlanned' | 'RunnableSeconds' | 'Leaks';

export interface Meter {
  /** Never throws: a figure that is lost is no reason to do work again. */
  record(figures: readonly Figure[]): Promise<void>;
}
