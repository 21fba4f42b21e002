import { counted, formatBytes, formatSaving, formatSeconds } from '../../core/format.ts';
import { cut } from '../terminal/display-width.ts';
import { printable } from '../terminal/printable.ts';
import { type LineStyle, reasonLine } from './film-line.ts';
import type { RunTally, Sizes } from './run-tally.ts';

export type RunEnd = {
  readonly seconds: number;
  /** Films that the run did not come to. */
  readonly notBegun: number;
  /** The page of all films. */
  readonly reports: string | undefined;
  readonly work: { readonly folder: string; readonly bytes: number } | undefined;
};

/** Returns what a run came to: how many films were done, kept, skipped and failed, with each reason, the sizes, and where to look. */
export function closingSummary(tally: RunTally, end: RunEnd, style: LineStyle): readonly string[] {
  const { width, paint } = style;
  const { done, kept, unchanged, skipped, failed, stopped, over } = tally;
  const onOne = (line: string) => (width === undefined ? line : cut(line, width));
  const row = (name: string, films: number, about: string) =>
    films === 0
      ? []
      : [onOne(`  ${name.padEnd(10)} ${String(films).padStart(String(over).length)}${about && `  ${about}`}`)];
  const noun = style.withRecipe ? 'job' : 'film'; // a film that several recipes make something of is several jobs
  return [
    paint('strong', onOne(`${counted(over, noun)} in ${formatSeconds(end.seconds)}`)),
    ...row('done', done.films, sizesOf(done)),
    ...row('kept', kept.films, 'as they were: smaller already, or kept by skipBelow'),
    ...[...unchanged].flatMap(([reason, films]) => row('unchanged', films, printable(reason))),
    ...[...skipped].flatMap(([reason, files]) => row('skipped', files, printable(reason))),
    ...row('failed', failed.length, '').map((line) => paint('bad', line)),
    ...failed.map((each) => reasonLine(each, style)),
    ...row('stopped', stopped, 'what is finished is kept; the next run goes on from there'),
    ...row('not begun', end.notBegun, 'the next run goes on with them'),
    ...(end.reports === undefined ? [] : located('reports', end.reports, style)),
    ...(end.work === undefined ? [] : located(`work folder, ${formatBytes(end.work.bytes)}`, end.work.folder, style)),
  ];
}

const sizesOf = ({ before, after, hasSet }: Sizes) =>
  `${formatBytes(before)} -> ${formatBytes(after)}${hasSet ? '' : `, ${formatSaving(before, after)}`}`;

/** A path is shown whole, even if the line gets too long, because people copy it. It stands on a line of its own then. */
function located(name: string, path: string, { width }: LineStyle): readonly string[] {
  const line = `  ${name}: ${printable(path)}`;
  return width === undefined || line.length <= width ? [line] : [`  ${name}:`, `  ${printable(path)}`];
}
