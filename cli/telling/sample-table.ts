import { formatBytes, formatSeconds } from '../../core/format.ts';
import { type Metric, scoreDigits } from '../../core/quality/metric.ts';
import type { TriedSettings } from '../../core/quality/try-before.ts';
import { settingsText } from '../../core/report/sample-html.ts';
import { columnOf, displayWidth } from '../terminal/display-width.ts';
import { printable } from '../terminal/printable.ts';

const scoreOf = (value: number | undefined, metric: Metric): string =>
  value === undefined ? '-' : scoreDigits(metric, value);

/** Returns the sentence about settings that were just tried. */
export function sampleLine({ settings, percent, mean, givenUp }: TriedSettings, metric: Metric): string {
  const name = printable(settingsText(settings));
  if (givenUp !== undefined) return `${name}: given up, because ${givenUp}`;
  return `${name}: ${percent.toFixed(1)} % of the source, ${metric.toUpperCase()} ${scoreOf(mean, metric)}`;
}

/** Returns a table of all settings that were tried, which fits 80 columns. Of each it names what the others have differently. */
export function sampleTable(tried: readonly TriedSettings[], metric: Metric): string {
  const names = Object.keys(tried[0]?.settings ?? {});
  const varied = names.filter((name) => new Set(tried.map(({ settings }) => settings[name])).size > 1);
  const told = (settings: TriedSettings['settings']) =>
    varied.length === 0 ? settings : Object.fromEntries(varied.map((name) => [name, settings[name] ?? '']));
  const rows = tried.map(({ settings, bytes, percent, mean, lowest, framesPerSecond, secondsForAll }) => [
    printable(settingsText(told(settings))),
    formatBytes(bytes),
    `${percent.toFixed(1)} %`,
    scoreOf(mean, metric),
    scoreOf(lowest, metric),
    `${framesPerSecond.toFixed(1)} fps`,
    formatSeconds(secondsForAll),
  ]);
  const head = ['settings', 'picture', 'of source', metric.toUpperCase(), 'worst', 'speed', 'time for all'];
  const name = Math.min(LONGEST_NAME, Math.max(...[head, ...rows].map(([first = '']) => displayWidth(first))));
  const line = ([first = '', ...figures]: readonly string[]) =>
    [columnOf(first, name), ...figures.map((each, i) => each.padStart(WIDTHS[i] ?? 8))].join('  ').trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** The widths of the columns behind the name. With the name and the spaces between them they take 80 characters. */
const WIDTHS = [8, 9, 6, 6, 9, 12];
const LONGEST_NAME = 16;
