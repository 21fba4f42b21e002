/** A figure for alarms and dashboards. `cause` distinguishes failures; units are in the names. */
export type Figure = { readonly name: MetricName; readonly value: number; readonly cause?: string };

export type MetricName = 'JobsDone' | 'JobsFailed' | 'EstimatedUsd' | 'SlowerThanPlanned' | 'RunnableSeconds' | 'Leaks';

export interface Meter {
  /** Never throws, since a lost figure is no reason to repeat the work. */
  record(figures: readonly Figure[]): Promise<void>;
}
