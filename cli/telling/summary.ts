import Table from 'cli-table3';
import { formatBytes, formatSeconds } from '../../core/format.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { isMetric, scoreDigits } from '../../core/quality/metric.ts';
import { printable } from '../terminal/printable.ts';
import type { LineStyle } from './film-line.ts';
import { streamsTable } from './streams-table.ts';

/** The results of a job for people who want every detail: a table of renditions, a table of streams, and times. */
export function summary(manifest: Manifest, folder: string, { width }: Pick<LineStyle, 'width'>): string {
  const { renditions, streams, timings } = manifest;
  const made = new Table({
    head: ['rendition', 'size', 'picture', 'frames', 'quality', 'checks'],
    style: STYLE,
    colWidths: [Math.max(LEAST_NAME, (width ?? WIDEST) - OTHER_COLUMNS), 9, 11, 9, 21, 11],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const each of renditions) {
    const { metric, mean, min } = each.quality;
    const passed = each.checks.filter((check) => check.passed).length;
    made.push([
      printable(each.path.replace(/^(\.\.\/)+/, '')), // in the layout `files` it is relative to the hidden manifest
      formatBytes(each.bytes),
      `${each.width}x${each.height}`,
      each.frames,
      isMetric(metric) ? `${metric} ${scoreDigits(metric, mean)} (min ${scoreDigits(metric, min)})` : metric,
      `${passed} of ${each.checks.length}`,
    ]);
  }
  const time = `${formatSeconds(timings.total)} (encoding ${formatSeconds(timings.encode)}, verifying ${formatSeconds(timings.verify)})`;
  return [made.toString(), streamsTable(streams, width), time, `files and report.html: ${printable(folder)}`].join(
    '\n',
  );
}

const STYLE = { head: [], border: [], compact: true };

const WIDEST = 120;
const LEAST_NAME = 12;
/** The columns of all but the name, with the lines between them. */
const OTHER_COLUMNS = 9 + 11 + 9 + 21 + 11 + 7;
