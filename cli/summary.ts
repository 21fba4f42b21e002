import Table from 'cli-table3';
import { formatBytes, formatSeconds, formatUsd } from '../core/format.ts';
import type { Manifest } from '../core/job/manifest.ts';
import { isMetric, scoreDigits } from '../core/quality/metric.ts';
import { printable } from './printable.ts';
import { streamsTable } from './streams-table.ts';

/** The results of a job for people: a table of renditions, a table of streams, warnings, times and cost. */
export function summary(manifest: Manifest, folder: string): string {
  const { source, renditions, streams, warnings, timings, cost } = manifest;
  const made = new Table({
    head: ['rendition', 'before', 'after', 'change', 'picture', 'frames', 'quality', 'checks'],
    style: STYLE,
  });
  for (const each of renditions) {
    const { metric, mean, min } = each.quality;
    const passed = each.checks.filter((check) => check.passed).length;
    made.push([
      each.path,
      formatBytes(source.bytes),
      formatBytes(each.bytes),
      change(source.bytes, each.bytes),
      `${each.width}x${each.height}`,
      each.frames,
      isMetric(metric) ? `${metric} ${scoreDigits(metric, mean)} (min ${scoreDigits(metric, min)})` : metric,
      `${passed} of ${each.checks.length}`,
    ]);
  }
  const time = `${formatSeconds(timings.total)} (encoding ${formatSeconds(timings.encode)}, verifying ${formatSeconds(timings.verify)})`;
  return [
    made.toString(),
    streamsTable(streams),
    ...(manifest.deferred ?? []).map(
      ({ name, priority }) =>
        `${name} waits until it is asked for (priority ${priority}): reelmill ask ${manifest.job.slice(0, 12)} ${name}`,
    ),
    ...warnings.map((warning) => `warning: ${printable(warning)}`),
    `${time}; on ${cost.basis.replace(/^.*as if on /, '')} about ${formatUsd(cost.estimatedUsd)}`,
    `files and report.html: ${printable(folder)}`,
  ].join('\n');
}

const STYLE = { head: [], border: [], compact: true };

function change(before: number, after: number): string {
  const percent = 100 * (after / before - 1);
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`;
}
