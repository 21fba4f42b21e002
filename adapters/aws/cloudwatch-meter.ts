import { type CloudWatchClient, PutMetricDataCommand, type StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Log } from '../../core/ports/log.ts';
import type { Figure, Meter, MetricName } from '../../core/ports/meter.ts';

const NAMESPACE = 'Reelmill';

const UNITS: Readonly<Record<MetricName, StandardUnit>> = {
  JobsDone: 'Count',
  JobsFailed: 'Count',
  EstimatedUsd: 'None',
  SlowerThanPlanned: 'None',
  RunnableSeconds: 'Seconds',
  Leaks: 'Count',
};

/** Writes the figures that the alarms in resources/alarms.yml read, all in one request. */
export function cloudWatchMeter(client: CloudWatchClient, stage: string, log: Log): Meter {
  const datum = ({ name, value, cause }: Figure) => ({
    MetricName: name,
    Value: value,
    Unit: UNITS[name],
    Dimensions: [{ Name: 'Stage', Value: stage }, ...(cause === undefined ? [] : [{ Name: 'Cause', Value: cause }])],
  });
  return {
    async record(figures) {
      if (figures.length === 0) return;
      try {
        await client.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData: figures.map(datum) }));
      } catch (error) {
        log.error('figures.lost', { reason: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
